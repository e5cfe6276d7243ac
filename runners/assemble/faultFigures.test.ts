import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BINS } from '../../reports/statistics/bins.ts';
import { partOf } from './faultFigures.ts';

test('what was lost in a part of the window is later than all that came', () => {
  const bins = new Float64Array(BINS);
  bins[10] = 900;
  const whole = partOf(bins, 900, 0);
  assert.deepEqual([whole.p50, whole.p99, whole.deliveries], [whole.max, whole.max, 900]);
  const lossy = partOf(bins, 1_000, 5_000);
  assert.deepEqual([lossy.p50, lossy.p99, lossy.max], [whole.max, null, whole.max]);
  // Rooms of unequal size are no loss where none was counted.
  assert.deepEqual(partOf(bins, 950, 0), whole);
  assert.equal(partOf(new Float64Array(BINS), 100, 100).p50, null);
});
