import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { SELFTEST_CASES } from '../../runners/selftest/cases.ts';
import { repeatedRuns } from '../testing/sampleComparison.ts';
import { sampleResult } from '../testing/sampleResult.ts';
import { SAMPLE_STUDY, sampleRow, sampleSelftest } from '../testing/sampleSelftest.ts';
import { noiseStudy } from './noiseStudy.ts';
import { withTrust } from './trustDocument.ts';

const document = await readFile('docs/trust.md', 'utf8');
const selftest = sampleSelftest([sampleRow('pass'), sampleRow('fail')]);

test('docs/trust.md says of each case what is claimed and why', () => {
  const headings = document.match(/^### .*$/gm)?.join(' ') ?? '';
  for (const { name } of SELFTEST_CASES) assert.ok(headings.includes(`\`${name}\``), name);
});

test('tables are written between their lines; what is not given stays', () => {
  const mutations = {
    rows: [{ mutation: 'zeros', description: 'dropped', caughtBy: ['recorder'], verdict: 'caught' as const }],
  };
  const noise = sampleSelftest([], {
    cases: [],
    noise: noiseStudy(sampleResult({ runs: repeatedRuns(2, 1_000) }), { ...SAMPLE_STUDY, runs: 2 }),
  });
  const first = withTrust(document, { selftest, noise, mutations });
  assert.match(first, /\| zeros \| dropped \| recorder \| caught \|/);
  assert.match(first, /\| latencyUs\.delivery\.p50 \|/);
  assert.match(first, /\| frozen-server \| .* \| FAIL \|/);
  const second = withTrust(first, { selftest: sampleSelftest(), noise: null, mutations: null });
  assert.match(second, /\| zeros \|/);
  assert.doesNotMatch(second, /\| FAIL \|/);
  assert.equal(withTrust(second, { selftest: sampleSelftest(), noise: null, mutations: null }), second);
});

test('a table of some of the cases names those that it lacks', () => {
  const text = withTrust(document, { selftest, noise: null, mutations: null });
  assert.match(text, /since they were not run: .*\bledger\b/);
  assert.doesNotMatch(text, /since they were not run:.*frozen-server/);
  const cases = SELFTEST_CASES.flatMap(({ name }) => selftest.cases.map((one) => ({ ...one, name })));
  const whole = withTrust(document, { selftest: { ...selftest, cases }, noise: null, mutations: null });
  assert.doesNotMatch(whole, /since they were not run/);
});

test('a document that lost its lines, and noise that is none, are refused', () => {
  const rest = { noise: null, mutations: null };
  assert.throws(() => withTrust('# Trust\n', { selftest, ...rest }), /no lines "<!-- selftest/);
  assert.throws(() => withTrust(document, { ...rest, selftest, noise: selftest }), /--aa N/);
});
