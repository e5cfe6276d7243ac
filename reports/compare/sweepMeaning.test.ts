import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Run } from '../../contract/result.ts';
import { plainNumbers } from '../numbers.ts';
import { sweepRuns } from '../testing/sampleComparison.ts';
import { sampleResult } from '../testing/sampleResult.ts';
import { sampleRun } from '../testing/sampleRun.ts';
import { samplePolling } from '../testing/sampleScenarios.ts';
import { groupRuns } from './serverGroup.ts';
import { kneeStatements, sweepFinding } from './sweepMeaning.ts';

/** A server polled every two seconds, with these medians at growing loads. */
function saidOf(medians: readonly number[], polling: Run['polling'] = samplePolling()): string {
  const runs = medians.map((medianUs, i) =>
    sampleRun(
      { stage: 'poll', variant: 'conditional', polling, sweep: { key: 'connections', value: 100 * (i + 1) } },
      medianUs,
    ),
  );
  const statements = kneeStatements(groupRuns([{ name: '', result: sampleResult({ runs }) }]));
  return statements.map(({ text }) => plainNumbers(text)).join();
}

test('where most of p99 is the wait for the next poll, no absence of a knee is claimed', () => {
  assert.match(
    saidOf([400_000, 400_000, 400_000]),
    /^By p99 no knee of poll:conditional can be told up to 300 connections: .* up to 2 s by construction/,
  );
});

test('a knee is told where p99 doubles in spite of it', () => {
  assert.match(
    saidOf([400_000, 400_000, 4_000_000]),
    /^The knee of poll:conditional lies at 200 connections/,
  );
});

test('held requests, and answers much later than the interval, show whether there is a knee', () => {
  assert.match(saidOf([700, 700, 700], samplePolling({ intervalMs: 0 })), / has no knee up to 300/);
  assert.match(
    saidOf([400_000, 400_000, 400_000], samplePolling({ intervalMs: 10 })),
    / has no knee up to 300/,
  );
});

test('a sweep of one server says how its p99 went, there being no other to tell it from', () => {
  const grouped = (runs: readonly Run[]) =>
    groupRuns([{ name: '', result: sampleResult({ runs: [...runs] }) }]);
  const all = sweepRuns();
  const own = all.filter((run) => run.stage === all[0]?.stage && run.variant === all[0].variant);
  assert.match(plainNumbers(sweepFinding(grouped(own)) ?? ''), /knee/);
  assert.match(
    plainNumbers(sweepFinding(grouped(own.slice(0, 6))) ?? ''),
    /^p99 of .* over .*: .* at .*, .* at /,
  );
  assert.equal(sweepFinding(grouped(all)), null, 'several servers have a finding of their own');
});
