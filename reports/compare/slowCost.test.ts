import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Run } from '../../contract/result.ts';
import { plainNumbers } from '../numbers.ts';
import { slowSentence } from '../slowReaders.ts';
import { sampleResult } from '../testing/sampleResult.ts';
import { sampleRun } from '../testing/sampleRun.ts';
import { sampleSlow, slowRuns } from '../testing/sampleSlow.ts';
import { compareSources } from './comparison.ts';
import { comparisonMarkdown } from './comparisonMarkdown.ts';
import { comparisonText } from './comparisonTerminal.ts';
import { groupRuns } from './serverGroup.ts';
import { slowCosts, slowLosses } from './slowCost.ts';
import { nameAtLoad } from './sweep.ts';
import { kneeStatements, sweepFinding } from './sweepMeaning.ts';

const grouped = (runs: readonly Run[]) =>
  groupRuns([{ name: '', result: sampleResult({ runs: [...runs] }) }]);

for (const [what, medians, pattern] of [
  [
    'within the bound',
    [700, 900],
    /^With 5 % slow readers the p99 of the others on ws:prepared is 1\.\d+ times that without, within the bound of 2 /,
  ],
  ['beyond the bound', [700, 2_800], / is [34](\.\d+)? times that without, beyond the bound of 2 /],
] as const) {
  test(`what slow readers cost the others: ${what}`, () => {
    const groups = grouped(slowRuns(...medians));
    const [cost, ...more] = slowCosts(groups).map(plainNumbers);
    assert.match(cost ?? '', pattern);
    assert.match(cost ?? '', /; the server took [\d.]+ MiB of memory without them and [\d.]+ MiB with them$/);
    assert.deepEqual(more, []);
    assert.equal(plainNumbers(sweepFinding(groups) ?? ''), cost);
  });
}

test('a latency that was the fault of the generator is said to be so', () => {
  const [without, slow] = slowRuns();
  const reason = {
    verdict: 'INVALID',
    code: 'sendLag',
    families: ['latency'],
    message: 'late',
    advice: '',
    figure: 1,
    bound: 0,
    unit: 'us',
  } as const;
  const doubtful = {
    ...slow,
    validity: { ...slow.validity, reasons: [{ ...reason, families: [...reason.families] }] },
  };
  assert.match(
    slowCosts(grouped([without, doubtful]))[0] ?? '',
    / cannot be compared with that without, INVALID \(/,
  );
});

test('the others are spoken of only where there are slow readers', () => {
  const [, slow] = slowRuns();
  assert.ok(slow);
  const at = (run: Run, value: number) => ({ ...run, sweep: { key: 'flowMessages', value } });
  const limits = (run: Run) => sweepFinding(grouped([at(run, 1_024), at(run, 2_048)])) ?? '';
  assert.match(limits(slow), /^p99 of the others and server memory of/);
  assert.match(limits({ ...slow, slow: null }), /^p99 and server memory of/);
});

test('reasons, tables and text say which load of the sweep they are of', () => {
  const comparison = compareSources([{ name: '', result: sampleResult({ runs: slowRuns() }) }]);
  assert.match(plainNumbers(comparisonText(comparison, 100)), /The table: at 5 % slow readers\./);
  const [group] = comparison.groups;
  assert.ok(group);
  assert.equal(plainNumbers(nameAtLoad(group)), 'ws:prepared at 0 % slow readers');
  assert.match(plainNumbers(comparisonMarkdown(comparison, [])), /^At 5 % slow readers:$/m);
});

test('a p99 of too few messages is said to be so', () => {
  const [without, slow] = slowRuns();
  assert.ok(without && slow?.latencyUs);
  const delivery = { ...slow.latencyUs.delivery, messages: 200 };
  const few = { ...slow, latencyUs: { ...slow.latencyUs, delivery } };
  assert.match(slowCosts(grouped([without, few]))[0] ?? '', / to [^)]+, of too few messages for a p99\)/);
});

test('nothing is said of costs where there is nothing to compare with', () => {
  assert.deepEqual(slowCosts(grouped([sampleRun()])), []);
  assert.deepEqual(slowCosts(grouped(slowRuns().slice(1))), []);
});

test('what slow readers lost is said where everything else says that nothing was lost', () => {
  assert.deepEqual(slowLosses(grouped(slowRuns())).map(plainNumbers), [
    '1,987 deliveries to slow readers lost',
  ]);
  assert.deepEqual(slowLosses(grouped([sampleRun()])), []);
  const [statement] = kneeStatements(grouped(slowRuns()));
  assert.match(
    plainNumbers(statement?.text ?? ''),
    /3 ended by the server and back, 3 told of a gap; 1,987 of 30,000/,
  );
});

test('each slow client is in one of three, and only those that are there are told', () => {
  const told = (over: Parameters<typeof sampleSlow>[0]) =>
    plainNumbers(slowSentence(sampleRun({ slow: sampleSlow(over) })) ?? 'nothing');
  assert.equal(
    told({ kept: 1, back: 1, away: 1, gapTold: 0, lost: 0 }),
    '3 slow clients (5 %) read 1 KiB/s at most: 1 never ended by the server, 1 ended by the server and back, 1 ended by the server and away at the end; 0 of 30,000 deliveries to them lost',
  );
  assert.equal(told({ slots: 0 }), 'nothing');
});
