import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { SELFTEST_CASES } from '../runners/selftest/cases.ts';
import { INVALID_RULES } from '../runners/validity/invalidRules.ts';
import { SUSPECT_RULES } from '../runners/validity/suspectRules.ts';
import { ROOT } from './endToEndBench.ts';

const GENERATOR = 'test/validityGenerator.test.ts';
const HOST = 'test/validityHost.test.ts';
const FROZEN = 'test/endToEndFrozen.test.ts';
/** At its bound and above it, for every rule: `judge.test.ts` has a table of its own. */
const BOUND = 'runners/validity/judge.test.ts';
/** Cases of `bench selftest`, which fail where such a reason is given in each of three attempts. */
const ORDINARY = 'ordinary';
const POLLED = 'poll-interval';

/** Where each rule speaks in a run of the whole harness, and where it is silent in one. */
const PROOFS: Readonly<Record<string, { readonly speaks: string; readonly silent: string }>> = {
  unsentMessages: { speaks: GENERATOR, silent: ORDINARY },
  unsentConnections: { speaks: GENERATOR, silent: ORDINARY },
  sendLag: { speaks: FROZEN, silent: ORDINARY },
  pollSchedule: { speaks: GENERATOR, silent: POLLED },
  generatorStalled: { speaks: FROZEN, silent: ORDINARY },
  // By a fixture in place of the host: no test may make its host swap.
  swapping: { speaks: HOST, silent: HOST },
  exhausted: { speaks: GENERATOR, silent: ORDINARY },
  crashedRole: { speaks: 'test/endToEndKill.test.ts', silent: ORDINARY },
  generatorShare: { speaks: GENERATOR, silent: ORDINARY },
  // No run: a search beside a calibration of the generator takes most of a minute.
  nearGeneratorCeiling: { speaks: BOUND, silent: BOUND },
  publishWait: { speaks: FROZEN, silent: ORDINARY },
  linkLate: { speaks: 'test/validityLink.test.ts', silent: 'link' },
  runDelay: { speaks: HOST, silent: ORDINARY },
  generatorStarved: { speaks: HOST, silent: ORDINARY },
  // By a fixture in place of the host: no guest can make its hypervisor take time.
  steal: { speaks: HOST, silent: HOST },
  listenOverflows: { speaks: GENERATOR, silent: HOST },
  othersBusy: { speaks: HOST, silent: ORDINARY },
  probeDisagrees: { speaks: GENERATOR, silent: ORDINARY },
  notSteady: { speaks: GENERATOR, silent: ORDINARY },
  // By a shorter drain: the real one takes more than a minute.
  drainBound: { speaks: GENERATOR, silent: ORDINARY },
};

const RULES = [...INVALID_RULES, ...SUSPECT_RULES].map(({ name }) => name);

test('every rule has a place where it speaks and one where it is silent, and no place is left of a rule that is gone', () => {
  assert.deepEqual(Object.keys(PROOFS).sort(), [...RULES].sort());
});

test('every rule stands with its name in the tables of docs/method.md', () => {
  const method = readFileSync(join(ROOT, 'docs', 'method.md'), 'utf8');
  const named = [...method.matchAll(/^\| [^|]+ \| `(\w+)` \| [^|]+ \| [^|]+ \|$/gm)].map(([, code]) => code);
  assert.deepEqual(named.sort(), [...RULES].sort());
});

for (const [code, { speaks, silent }] of Object.entries(PROOFS)) {
  test(`the places of ${code} are there, and name it`, () => {
    assert.match(readFileSync(join(ROOT, speaks), 'utf8'), new RegExp(`'${code}'`));
    const isCase = SELFTEST_CASES.some(({ name }) => name === silent);
    assert.ok(isCase || existsSync(join(ROOT, silent)), silent);
    if (!isCase) assert.match(readFileSync(join(ROOT, silent), 'utf8'), new RegExp(`'${code}'`));
  });
}
