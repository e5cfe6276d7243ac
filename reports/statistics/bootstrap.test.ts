import assert from 'node:assert/strict';
import { test } from 'node:test';
import { seededRandom } from '../../contract/random.ts';
import { BINS, binOf, valueOfBin } from './bins.ts';
import { bootstrapIntervals } from './bootstrap.ts';
import { emptySlices, type Slices } from './slices.ts';

/** Exponential latencies of mean `meanUs`, each slice with a weather of its own that its messages share. */
function exponential(rows: number, perRow: number, meanUs: number, seed: number): Slices {
  const random = seededRandom(seed);
  const slices = emptySlices(rows);
  for (let row = 0; row < rows; row++) {
    for (let i = 0; i < perRow; i++)
      slices.counts[row * BINS + binOf(Math.round(-Math.log(1 - random()) * meanUs))]++;
  }
  return slices;
}

test('the same slices and seed give the same intervals, another seed others', () => {
  const slices = exponential(50, 40, 3_000, 1);
  const first = bootstrapIntervals(slices, [0.5, 0.99], { seed: 7 });
  assert.deepEqual(bootstrapIntervals(slices, [0.5, 0.99], { seed: 7 }), first);
  assert.notDeepEqual(bootstrapIntervals(slices, [0.5, 0.99], { seed: 8 }), first);
});

test('about 95 in 100 intervals of the median hold the true one', () => {
  const meanUs = 3_000;
  const trueMedian = meanUs * Math.LN2;
  let held = 0;
  const trials = 100;
  for (let trial = 0; trial < trials; trial++) {
    const slices = exponential(40, 30, meanUs, 1_000 + trial);
    const [interval] = bootstrapIntervals(slices, [0.5], { seed: trial, resamples: 150 });
    assert.ok(interval);
    // The figure is told as the middle of a bin, so half a bin on either side belongs to it.
    const half = trueMedian / 64;
    if (interval.low - half <= trueMedian && trueMedian <= interval.high + half) held++;
  }
  assert.ok(held >= 88, `${held} of ${trials}`);
});

test('slices that are all alike leave no doubt', () => {
  const slices = emptySlices(20);
  for (let row = 0; row < 20; row++) slices.counts[row * BINS + binOf(500)] = 10;
  const value = valueOfBin(binOf(500));
  assert.deepEqual(bootstrapIntervals(slices, [0.5, 0.99], { seed: 1 }), [
    { low: value, high: value },
    { low: value, high: value },
  ]);
});

test('says nothing where fewer than ten slices hold anything', () => {
  const slices = emptySlices(100);
  for (let row = 0; row < 9; row++) slices.counts[row * 11 * BINS + 5] = 1_000;
  assert.deepEqual(bootstrapIntervals(slices, [0.5, 0.99], { seed: 1 }), [null, null]);
});

test('what was lost is later than all that came: intervals lie higher, and there is none where the quantile may be lost', () => {
  const slices = emptySlices(100);
  for (let row = 0; row < 100; row++) slices.counts.set([90, 8, 2], row * BINS + 10);
  const intervals = (lostPerRow: number) =>
    bootstrapIntervals(slices, [0.5, 0.979, 0.99], { seed: 1, lost: new Float64Array(100).fill(lostPerRow) });
  const at = (value: number) => ({ low: value, high: value });
  assert.deepEqual(intervals(0), [at(10), at(11), at(12)]);
  assert.deepEqual(intervals(0.5), [at(10), at(12), at(12)]);
  assert.deepEqual(intervals(1.5), [at(10), at(12), null]);
});

test('a slice of which all was lost is drawn like any other', () => {
  const slices = emptySlices(20);
  for (let row = 0; row < 10; row++) slices.counts[row * BINS + 10] = 100;
  const lost = new Float64Array(20).fill(100, 10);
  assert.deepEqual(bootstrapIntervals(slices, [0.1, 0.5], { seed: 1, lost }), [{ low: 10, high: 10 }, null]);
});
