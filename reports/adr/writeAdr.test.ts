import assert from 'node:assert/strict';
import { access, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { compareSources } from '../compare/comparison.ts';
import { writeResult } from '../resultFile.ts';
import { comparisonResult } from '../testing/sampleComparison.ts';
import { SAMPLE_PRICES } from '../testing/sampleMeasured.ts';
import { type Decision, NO_DECISION } from './decision.ts';
import { decisionRecord } from './record.ts';
import { writeAdr } from './writeAdr.ts';

const DATE = '2026-01-20';
const JUDGED = ['poll', 'sse', 'ws', 'ws-cluster', 'grpc'].map(
  (stage) => [stage, { score: 5, why: 'a | reason' }] as const,
);
const FULL: Decision = {
  ...NO_DECISION,
  traffic: { ...NO_DECISION.traffic, users: 1_000_000, peakShare: 0.1, messagesPerSecond: 200, fanOut: 500 },
  operability: new Map(JUDGED),
  migration: { from: 'poll', personDays: new Map([['ws', 20]]), ratePerDay: 800 },
};

/** Of what was not judged alone. */
const UNWEIGHTED: Decision = {
  ...NO_DECISION,
  weights: { latency: 0, memory: 0, cost: 0, operability: 1 },
};

let folder = '';
const texts = new Map<string, string>();
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pushbench-adr-'));
  const directory = join(folder, 'a result (1)');
  const result = comparisonResult();
  await mkdir(join(directory, 'profiles'), { recursive: true });
  await writeResult(result, directory);
  await writeFile(join(directory, 'report.html'), '');
  for (const { path } of result.runs.flatMap(({ profiles }) => profiles))
    await writeFile(join(directory, path), '');
  for (const [name, decision] of [
    ['full', FULL],
    ['bare', NO_DECISION],
    ['unweighted', UNWEIGHTED],
  ] as const) {
    const comparison = compareSources([{ name: '', result }]);
    const record = decisionRecord({ result, comparison, decision, prices: SAMPLE_PRICES, facts: new Map() });
    const file = join(folder, 'docs', `${name}.md`);
    const resultFile = join(directory, 'result.json');
    await writeAdr(record, { file, date: DATE, directory, resultFile });
    texts.set(name, await readFile(file, 'utf8'));
  }
});
after(() => rm(folder, { recursive: true, force: true }));

const textOf = (name: string) => texts.get(name) ?? '';

test('the record has the sections of MADR, in their order', () => {
  for (const name of texts.keys()) {
    assert.match(textOf(name), /^---\nstatus: proposed\ndate: 2026-01-20\n---\n\n# /);
    const headings = [...textOf(name).matchAll(/^## (.*)$/gm)].map(([, heading]) => heading);
    assert.deepEqual(headings, [
      'Context and Problem Statement',
      'Decision Drivers',
      'Considered Options',
      'Decision Outcome',
      'Pros and Cons of the Options',
      'More Information',
    ]);
    assert.match(
      textOf(name),
      /^### Consequences$[\s\S]*^\* (Good|Neutral|Bad), because [\s\S]*^### Confirmation$/m,
    );
  }
});

test('nothing that was not measured or not given leaks into the text', () => {
  for (const text of texts.values())
    assert.doesNotMatch(text, /NaN|undefined|\bnull\b|Infinity|\[object|not defined/);
});

test('every link and every drawing is there', async () => {
  for (const name of texts.keys()) {
    const links = [...textOf(name).matchAll(/\]\(([^)#]+)(#[^)]*)?\)/g)].map(([, path]) =>
      decodeURI(path ?? ''),
    );
    assert.ok(links.length > 20, `${links.length} links`);
    const base = dirname(join(folder, 'docs', `${name}.md`));
    for (const link of new Set(links))
      await access(join(base, link.replace(/%28/g, '(').replace(/%29/g, ')')));
  }
});

test('every table has as many cells in each row as in its head', () => {
  for (const text of texts.values()) {
    const tables = text.split(/\n\n/).filter((block) => block.startsWith('| '));
    assert.ok(tables.length >= 6, `${tables.length} tables`);
    for (const block of tables) {
      const counts = block.split('\n').map((line) => line.replaceAll('\\|', '').split('|').length);
      assert.equal(new Set(counts).size, 1, block);
    }
  }
});

test('every footnote that is referred to is there once, and none is left over', () => {
  for (const text of texts.values()) {
    const told = [...text.matchAll(/^\[\^(\d+)\]: /gm)].map(([, number]) => number);
    const asked = new Set(
      [...text.replace(/^\[\^\d+\]: /gm, '').matchAll(/\[\^(\d+)\]/g)].map(([, number]) => number),
    );
    assert.deepEqual([...asked].sort(), [...told].sort());
    assert.ok(told.length > 10);
  }
});

test('without a config the record says what stands for it', () => {
  const text = textOf('bare');
  assert.match(text, /the workload as it was measured stands for it/);
  assert.match(text, /No weights are stated/);
  assert.match(text, /a score is not made up here/);
  assert.match(text, /cannot be told: what runs today is not stated/);
  assert.match(text, /\| not judged \|/);
});

test('without a criterion that counts there is neither a total nor a choice', () => {
  const text = textOf('unweighted');
  assert.match(text, /Not decided by these figures\*\*: no criterion that has a weight/);
  assert.doesNotMatch(text, /\*\*total\*\*|adr-totals/);
});

test('with one, prices, effort and the reserve stand in it', async () => {
  const text = textOf('full');
  assert.match(
    text,
    /Of 1\u202f000\u202f000 users 10\u00a0% are connected at the peak: 100\u202f000 clients/,
  );
  assert.match(text, /\| ws:prepared \| 16\u202f000\u00a0EUR \|/);
  assert.match(text, /adr-sensitivity\.svg/);
  assert.match(text, /\*\*with one in reserve\*\* \(N \+ 1\)/);
  assert.match(text, /Node reference servers/);
  const json = JSON.parse(await readFile(join(folder, 'docs', 'full', 'decision.json'), 'utf8'));
  assert.equal(json.traffic.connections.value, 100_000);
  assert.equal(json.changeOver.options[0].effort, 16_000);
});
