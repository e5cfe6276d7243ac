import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Run } from '../../contract/result.ts';
import type { Threshold } from '../../contract/threshold.ts';
import { sampleRun, suspectRun } from '../testing/sampleRun.ts';
import { judgedThresholds, judgeThresholds } from './judgeThresholds.ts';

function threshold(path: string, comparator: Threshold['comparator'], bound: number): Threshold {
  return { text: `${path} ${comparator} ${bound}`, path, comparator, bound };
}

function lost(count: number | null, over: Partial<Run> = {}): Run {
  const run = sampleRun(over);
  assert.ok(run.deliveries !== null);
  return { ...run, deliveries: count === null ? null : { ...run.deliveries, lost: count } };
}

function withP99(p99: number | null, over: Partial<Run> = {}): Run {
  const run = sampleRun(over);
  assert.ok(run.latencyUs !== null);
  return { ...run, latencyUs: { ...run.latencyUs, delivery: { ...run.latencyUs.delivery, p99 } } };
}

const NO_LOSS = threshold('deliveries.lost', '==', 0);
const P99 = threshold('latencyUs.delivery.p99', '<', 50_000);

for (const [comparator, values, bound, passed, worst] of [
  ['<', [1, 5, 3], 5, false, 5],
  ['<=', [1, 5, 3], 5, true, 5],
  ['>', [7, 5, 9], 5, false, 5],
  ['>=', [7, 5, 9], 5, true, 5],
  ['==', [5, 5, 9], 5, false, 9],
  ['==', [5, 5], 5, true, 5],
  ['!=', [1, 5, 9], 5, false, 5],
  ['!=', [1, 4, 9], 5, true, 4],
] as const) {
  test(`the worst of ${values} decides lost ${comparator} ${bound}: ${worst}`, () => {
    const runs = values.map((value) => lost(value));
    assert.deepEqual(judgeThresholds([threshold('deliveries.lost', comparator, bound)], runs), [
      { text: `deliveries.lost ${comparator} ${bound}`, passed, worst, unit: 'count' },
    ]);
  });
}

test('a percentile that was lost is not defined, a figure that is not there not measured; neither holds', () => {
  const [late] = judgedThresholds([P99], [withP99(4_000), withP99(null)]);
  assert.deepEqual([late.passed, late.worst.kind, late.of], [false, 'undefined', 'sse:shared #2']);
  const [none] = judgedThresholds([NO_LOSS], [lost(0), lost(null)]);
  assert.deepEqual([none.passed, none.worst.kind], [false, 'unmeasured']);
  const [empty] = judgedThresholds([NO_LOSS], []);
  assert.deepEqual([empty.passed, empty.worst.kind, empty.of], [false, 'unmeasured', '']);
});

test('what a family is worth is told beside the figure', () => {
  const [rate] = judgedThresholds([threshold('deliveries.perSecond', '>', 1)], [suspectRun()]);
  assert.deepEqual([rate.passed, rate.family, rate.verdict], [true, 'throughput', 'SUSPECT']);
  const [memory] = judgedThresholds([threshold('memory.server.meanRssBytes', '>', 1)], [suspectRun()]);
  assert.equal(memory.verdict, 'VALID');
});

const search = (over: Partial<Run> = {}): Run =>
  withP99(900_000, {
    procedure: 'ceiling',
    ceiling: {
      ratePerSecond: 100,
      deliveriesPerSecond: 5_000,
      limitedBy: 'objective',
      sloUs: 100_000,
      sloQuantile: 0.95,
      steps: [],
    },
    ...over,
  });

test('a search for the ceiling is judged by its ceiling alone, where other runs have the load', () => {
  const runs = [withP99(4_000), search()];
  assert.equal(judgeThresholds([P99], runs)[0].worst, 4_000);
  assert.equal(judgeThresholds([P99], [search()])[0].worst, 900_000);
  const [ceiling] = judgeThresholds([threshold('ceiling.deliveriesPerSecond', '>=', 5_000)], runs);
  assert.deepEqual([ceiling.passed, ceiling.worst], [true, 5_000]);
});

test('memory per connection, which a comparison takes once for each server, is judged where it was taken', () => {
  const first = sampleRun();
  assert.ok(first.memory.levels.length > 0);
  const bare = {
    ...first.memory,
    levels: [],
    server: { ...first.memory.server, rssPerConnectionBytes: null },
  };
  const slope = threshold('memory.server.rssPerConnectionBytes', '<', 1_000_000);
  assert.equal(judgeThresholds([slope], [first, sampleRun({ memory: bare })])[0].passed, true);
  const other = sampleRun({ variant: 'raw', memory: bare });
  assert.equal(judgeThresholds([slope], [first, other])[0].passed, false);
  const unfit = { ...bare, levels: first.memory.levels };
  assert.equal(judgeThresholds([slope], [first, sampleRun({ memory: unfit })])[0].passed, false);
});

test('figures that only some stages have are judged on those', () => {
  const failed = threshold('polling.failed', '==', 0);
  assert.equal(judgedThresholds([failed], [sampleRun()])[0].worst.kind, 'unmeasured');
});
