import assert from 'node:assert/strict';
import { test } from 'node:test';
import { estimate } from '../compare/estimate.ts';
import { cornered, rangeOf } from './range.ts';

function rangeOfRuns(...values: readonly number[]) {
  const made = estimate(values);
  assert.ok(made);
  return rangeOf({ estimate: made });
}

test('three runs have a range, fewer have none that anything may be claimed on', () => {
  assert.deepEqual(rangeOfRuns(3, 1, 2), { low: 1, value: 2, high: 3, hasInterval: true });
  assert.deepEqual(rangeOfRuns(1, 3), { low: 2, value: 2, high: 2, hasInterval: false });
  assert.deepEqual(rangeOfRuns(4), { low: 4, value: 4, high: 4, hasInterval: false });
});

test('what is priced is never less than nothing', () => {
  assert.deepEqual(rangeOfRuns(-3, 1, 2), { low: 0, value: 1, high: 2, hasInterval: true });
});

test('corners take all low ends together, and all high ends', () => {
  const [a, b] = [rangeOfRuns(1, 2, 3), rangeOfRuns(10, 20, 30)];
  assert.deepEqual(
    cornered([a, b], (end) => a[end] * b[end]),
    { low: 10, value: 40, high: 90, hasInterval: true },
  );
  assert.equal(cornered([a, rangeOfRuns(1)], (end) => a[end]).hasInterval, false);
});
