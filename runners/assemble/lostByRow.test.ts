import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PhaseSpec } from '../../contract/schedule.ts';
import { BINS } from '../../reports/statistics/bins.ts';
import { emptySlices } from '../../reports/statistics/slices.ts';
import { lostByRow } from './lostByRow.ts';

/** Ten messages a second for ten seconds. */
const SPEC: PhaseSpec = {
  id: 1,
  name: 'measure',
  firstIndex: 0,
  count: 100,
  startUs: 0,
  durationUs: 1e7,
  ratePerSecond: 10,
  shape: [{ durationMs: 10_000, ratePerSecond: 10 }],
  arrivals: 'uniform',
  seed: 1,
  streams: 1,
};

/** A row per second, to each of five subscribers. */
function rowsOf(received: readonly number[]) {
  const slices = emptySlices(received.length);
  received.forEach((count, row) => {
    slices.counts[row * BINS + 10] = count;
  });
  return slices;
}

const lostOf = (received: readonly number[], lost: number) => [
  ...lostByRow({ spec: SPEC, workers: [{ expected: 500, lost }] }, rowsOf(received)),
];

test('what was lost was due where something is missing', () => {
  assert.deepEqual(lostOf([50, 50, 50, 40, 50, 50, 50, 50, 50, 49], 11), [0, 0, 0, 10, 0, 0, 0, 0, 0, 1]);
});

test('rooms of unequal size are no loss, and their sum is that of the losses counted', () => {
  const uneven = [60, 40, 60, 40, 60, 40, 60, 40, 60, 40];
  assert.deepEqual(lostOf(uneven, 0), new Array(10).fill(0));
  assert.deepEqual(lostOf(uneven, 5), [0, 1, 0, 1, 0, 1, 0, 1, 0, 1]);
});

test('where nothing is missing, what was lost is spread as what was due', () => {
  assert.deepEqual(lostOf(new Array(10).fill(50), 10), new Array(10).fill(1));
});
