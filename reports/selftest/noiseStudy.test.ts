import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Run } from '../../contract/result.ts';
import { sampleResult } from '../testing/sampleResult.ts';
import { sampleRun } from '../testing/sampleRun.ts';
import { SAMPLE_STUDY } from '../testing/sampleSelftest.ts';
import { attainedLevel, noiseStudy } from './noiseStudy.ts';

function runOf(perSecond: number, over: Partial<Run> = {}): Run {
  const run = sampleRun();
  return { ...run, deliveries: run.deliveries && { ...run.deliveries, perSecond }, ...over };
}

const INVALID: Run['validity'] = {
  verdict: 'INVALID',
  reasons: [
    {
      code: 'sendLag',
      verdict: 'INVALID',
      families: ['latency', 'throughput'],
      message: 'late',
      advice: '',
      figure: 2,
      bound: 1,
      unit: 'ms',
    },
  ],
};

function rateRow(runs: Run[]) {
  const study = noiseStudy(sampleResult({ runs }), { ...SAMPLE_STUDY, runs: runs.length });
  const row = study.rows.find(({ metric }) => metric === 'deliveries.perSecond');
  assert.ok(row);
  return row;
}

test('mean, coefficient of variation, lowest and highest are those of a sample', () => {
  const row = rateRow([90, 100, 110].map((rate) => runOf(rate)));
  assert.deepEqual([row.mean, row.min, row.max, row.cv], [100, 90, 110, 0.1]);
  assert.equal(row.falseAlarms, null, 'three runs are no two groups');
});

test('a run that is INVALID for a family is no noise of it', () => {
  const row = rateRow([runOf(100), runOf(1_000, { validity: INVALID }), runOf(100)]);
  assert.deepEqual(row.values, [100, null, 100]);
  assert.equal(row.cv, 0);
});

test('what no run measured is not defined', () => {
  const row = rateRow([runOf(1, { deliveries: null }), runOf(1, { deliveries: null })]);
  assert.deepEqual([row.mean, row.cv, row.min, row.max], [null, null, null, null]);
});

test('runs that drift raise an alarm between neighbouring groups, equal ones none', () => {
  const drifting = rateRow(Array.from({ length: 10 }, (_, i) => runOf(100 + i)));
  assert.deepEqual(drifting.falseAlarms, { comparisons: 3, alarms: 3 });
  const alternating = rateRow(Array.from({ length: 10 }, (_, i) => runOf(100 + (i % 2) + i / 1_000)));
  assert.deepEqual(alternating.falseAlarms, { comparisons: 3, alarms: 0 });
});

test('a pair of groups of which runs are INVALID is too small to tell, and is no comparison', () => {
  const runs = Array.from({ length: 8 }, (_, i) => runOf(100 + i, i === 2 ? { validity: INVALID } : {}));
  assert.equal(rateRow(runs).falseAlarms, null);
});

test('the level that the rank test reaches with 4 and 4 runs is 2 of 70 splits', () => {
  assert.equal(attainedLevel(4), 2 / 70);
});
