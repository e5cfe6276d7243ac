import assert from 'node:assert/strict';
import { test } from 'node:test';
import { build } from 'hdr-histogram-js';
import { BINS } from './bins.ts';
import { type Block, blocksOf } from './blocks.ts';
import { binomialRanks, rankInterval } from './rankInterval.ts';
import { emptySlices } from './slices.ts';
import { messagesNeeded } from './support.ts';
import {
  fanOut,
  independent,
  type LatencyModel,
  type SyntheticWindow,
  stalling,
  syntheticWindow,
  wandering,
} from './syntheticWindow.ts';

function histogramOf(values: readonly number[]) {
  const histogram = build({ numberOfSignificantValueDigits: 3, bitBucketSize: 32 });
  for (const value of values) histogram.recordValue(value);
  return histogram;
}

test('ranks, as tabled for the median, and none where a percentile has too few observations', () => {
  assert.deepEqual(binomialRanks(100, 0.5), { low: 40, high: 61 });
  assert.deepEqual(binomialRanks(10, 0.5), { low: 2, high: 9 });
  for (const quantile of [0.9, 0.99, 0.999]) {
    const needed = messagesNeeded(quantile);
    assert.equal(binomialRanks(needed, quantile)?.high, needed);
    assert.equal(binomialRanks(needed - 1, quantile), null);
  }
  assert.equal(binomialRanks(0, 0.5), null);
});

const WINDOW = { seconds: 20, messagesPerSecond: 400 };
const TRIALS = 60;

function trueQuantile(model: LatencyModel, options: typeof WINDOW, quantile: number): number {
  const windows = Array.from({ length: 60 }, (_, i) =>
    syntheticWindow(model, { ...options, seed: 100_000 + i }),
  );
  const sorted = Float64Array.from(windows.flatMap(({ values }) => values)).sort();
  return sorted[Math.ceil(quantile * sorted.length) - 1];
}

/** How many of the intervals of windows hold the true quantile. */
function covered(
  model: LatencyModel,
  options: typeof WINDOW,
  quantile: number,
  blocksFrom: (window: SyntheticWindow) => Block[],
): number {
  const truth = trueQuantile(model, options, quantile);
  let held = 0;
  for (let seed = 1; seed <= TRIALS; seed++) {
    const window = syntheticWindow(model, { ...options, seed });
    const interval = rankInterval(histogramOf(window.values), quantile, {
      lost: 0,
      messages: window.messages,
      blocks: blocksFrom(window),
    });
    assert.ok(interval !== null);
    if (interval.low <= truth && truth <= interval.high) held++;
  }
  return held;
}

for (const [name, model, options, quantile] of [
  ['independent messages', independent, WINDOW, 0.5],
  ['independent messages', independent, WINDOW, 0.99],
  ['messages to fifty subscribers', fanOut, { seconds: 20, messagesPerSecond: 10 }, 0.5],
  ['a level that wanders, with a memory of 0.2 s', wandering(0.2), WINDOW, 0.5],
  ['a level that wanders, with a memory of 0.2 s', wandering(0.2), WINDOW, 0.99],
  ['everything stopping twice a second', stalling(2), WINDOW, 0.95],
] as const) {
  test(`about 95 in 100 intervals hold the true quantile ${quantile} of ${name}`, () => {
    const held = covered(model, options, quantile, ({ slices }) => blocksOf(slices));
    assert.ok(held >= 0.9 * TRIALS, `${held} of ${TRIALS}`);
  });
}

test('blocks as short as a row would not do: half of the intervals miss', () => {
  const held = covered(wandering(0.5), WINDOW, 0.5, ({ slices }) => blocksOf(slices, undefined, slices.rows));
  assert.ok(held < 0.7 * TRIALS, `${held} of ${TRIALS}`);
});

test('many deliveries are not many messages: the interval does not shrink with the fan-out', () => {
  const alone = Array.from({ length: 400 }, (_, i) => 100 + i);
  const blocks = (fan: number): Block[] =>
    Array.from({ length: 20 }, (_, i) => {
      const counts = new Float64Array(BINS);
      counts[i % 2 === 0 ? 50 : 300] = 20 * fan;
      return { counts, lost: 0, at: (i + 0.5) / 20 };
    });
  const widthOf = (fan: number) => {
    const values = alone.flatMap((value) => new Array<number>(fan).fill(value));
    const interval = rankInterval(histogramOf(values), 0.5, { lost: 0, messages: 400, blocks: blocks(fan) });
    return (interval?.high ?? 0) - (interval?.low ?? 0);
  };
  assert.equal(widthOf(50), widthOf(1));
  assert.ok(widthOf(1) > 35, `${widthOf(1)}`);
});

test('the ends are values of the histogram; a lost delivery is later than all, and leaves no upper end', () => {
  const values = Array.from({ length: 1_000 }, (_, i) => i + 1);
  const slices = emptySlices(20);
  for (let row = 0; row < 20; row++) slices.counts.set([25, 25], row * BINS + 63);
  const blocks = blocksOf(slices);
  const at = (lost: number, quantile: number) =>
    rankInterval(histogramOf(values), quantile, { lost, messages: 1_000, blocks });
  assert.deepEqual(at(0, 0.5), { low: 469, high: 532 });
  assert.equal(at(0, 0.999), null);
  assert.ok(at(20, 0.95) !== null);
  assert.equal(at(20, 0.979), null);
});

test('says nothing of fewer than ten blocks', () => {
  const slices = emptySlices(9);
  for (let row = 0; row < 9; row++) slices.counts[row * BINS + 5] = 1_000;
  const histogram = histogramOf([5, 5, 5]);
  assert.equal(rankInterval(histogram, 0.5, { lost: 0, messages: 9_000, blocks: blocksOf(slices) }), null);
});
