import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Run } from '../../contract/result.ts';
import { comparisonRuns, repeatedRuns, sweepRuns } from '../testing/sampleComparison.ts';
import { sampleResult } from '../testing/sampleResult.ts';
import { sampleRun } from '../testing/sampleRun.ts';
import { METRIC } from './comparisonMetrics.ts';
import { type DeltaPair, deltaPairs, isSameServer } from './delta.ts';
import { groupRuns } from './serverGroup.ts';

function pairsOf(old: readonly Run[], newer: readonly Run[]): DeltaPair[] {
  const groups = groupRuns([
    { name: 'old', result: sampleResult({ runs: [...old] }) },
    { name: 'new', result: sampleResult({ runs: [...newer] }) },
  ]);
  return deltaPairs(
    groups.filter(({ source }) => source === 0),
    groups.filter(({ source }) => source === 1),
  );
}

function delta(pair: DeltaPair | undefined, id: string) {
  const found = pair?.deltas.find(({ metric }) => metric.id === id);
  assert.ok(found);
  return found;
}

test('a change beyond chance is better or worse by the direction of its figure', () => {
  const [faster] = pairsOf(repeatedRuns(5, 1_000), repeatedRuns(5, 700));
  assert.equal(delta(faster, METRIC.p99.id).outcome, 'better');
  assert.equal(Math.round((delta(faster, METRIC.p99.id).share ?? 0) * 100), -30);
  assert.equal(
    delta(pairsOf(repeatedRuns(5, 700), repeatedRuns(5, 1_000))[0], METRIC.p99.id).outcome,
    'worse',
  );
});

test('a server that each run started is the same where its command is', () => {
  const startedBy = (command: string): Run[] =>
    repeatedRuns(5, 1_000).map((run) => ({ ...run, plan: { ...run.plan, target: command } }));
  const isSame = (command: string): boolean[] =>
    pairsOf(startedBy('node a.mjs'), startedBy(command)).map(isSameServer);
  assert.deepEqual(isSame('node a.mjs'), [true]);
  assert.deepEqual(isSame('node b.mjs'), [false]);
});

test('a change within chance is none, and figures that are all alike need no runs to be the same', () => {
  const [pair] = pairsOf(repeatedRuns(5, 1_000), repeatedRuns(5, 1_010));
  assert.equal(delta(pair, METRIC.p99.id).outcome, 'same');
  const [single] = pairsOf(repeatedRuns(1, 1_000), repeatedRuns(1, 700));
  assert.equal(delta(single, METRIC.lost.id).outcome, 'same');
});

test('fewer than four runs on a side decide nothing', () => {
  const [pair] = pairsOf(repeatedRuns(3, 1_000), repeatedRuns(9, 700));
  assert.equal(delta(pair, METRIC.p99.id).outcome, 'tooFew');
  assert.equal(delta(pair, METRIC.p99.id).p, null);
});

test('servers are paired by name and swept value, or as the only two there are', () => {
  assert.equal(pairsOf(comparisonRuns(), comparisonRuns()).length, 5);
  assert.equal(pairsOf(sweepRuns(), sweepRuns()).length, 10);
  const [pair] = pairsOf([sampleRun()], [sampleRun({ stage: 'ws', variant: 'prepared' })]);
  assert.equal(pair?.new.stage, 'ws');
  assert.equal(pairsOf(comparisonRuns(), [sampleRun({ variant: 'raw' })]).length, 0);
});

test('counts are held against each other per run, however many runs there are', () => {
  const losing = (runs: readonly Run[], lost: number) =>
    runs.map((run) => ({ ...run, deliveries: run.deliveries && { ...run.deliveries, lost } }));
  const [pair] = pairsOf(losing(repeatedRuns(4, 1_000), 10), losing(repeatedRuns(12, 1_000), 6));
  const lost = delta(pair, METRIC.lost.id);
  assert.deepEqual([lost.old.estimate.value, lost.new.estimate.value, lost.outcome], [10, 6, 'better']);
});
