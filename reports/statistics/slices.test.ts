import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BINS } from './bins.ts';
import { addSlices, emptySlices, quantileOfBins, sumRows, totalOf } from './slices.ts';

test('sums rows of a range, and leaves those outside', () => {
  const slices = emptySlices(3);
  slices.counts[0 * BINS + 4] = 1;
  slices.counts[1 * BINS + 4] = 10;
  slices.counts[2 * BINS + 9] = 100;
  assert.equal(totalOf(sumRows(slices, 0, 3)), 111);
  assert.equal(sumRows(slices, 0, 2)[4], 11);
  assert.equal(totalOf(sumRows(slices, 1, 1)), 0);
});

test('adds slices of one shape and refuses those of another', () => {
  const into = emptySlices(2);
  const other = emptySlices(2);
  other.counts[BINS] = 3;
  addSlices(into, other);
  addSlices(into, other);
  assert.equal(into.counts[BINS], 6);
  assert.throws(() => addSlices(into, emptySlices(3)), RangeError);
});

test('quantiles are the nearest rank', () => {
  const counts = new Float64Array(BINS);
  // Ten deliveries of 1, 2, ... 10 us.
  for (let us = 1; us <= 10; us++) counts[us] = 1;
  for (const [quantile, us] of [
    [0.001, 1],
    [0.1, 1],
    [0.11, 2],
    [0.5, 5],
    [0.9, 9],
    [0.99, 10],
    [1, 10],
  ] as const) {
    assert.equal(quantileOfBins(counts, quantile), us, `q ${quantile}`);
  }
  assert.equal(quantileOfBins(new Float64Array(BINS), 0.5), null);
});

test('what was lost is later than all that came', () => {
  const counts = new Float64Array(BINS);
  for (let us = 1; us <= 10; us++) counts[us] = 1;
  assert.equal(quantileOfBins(counts, 0.5, 10), 10);
  assert.equal(quantileOfBins(counts, 0.51, 10), null);
  assert.equal(quantileOfBins(new Float64Array(BINS), 0.5, 10), null);
});
