import assert from 'node:assert/strict';
import { test } from 'node:test';
import { areApart, estimate } from './estimate.ts';

test('one run has no interval, few have their range, six have the interval of the median', () => {
  assert.equal(estimate([]), null);
  for (const [values, value, interval] of [
    [[7], 7, null],
    [[9, 1, 5], 5, { low: 1, high: 9, kind: 'range' }],
    [[1, 2, 3, 4, 5], 3, { low: 1, high: 5, kind: 'range' }],
    [[6, 5, 4, 3, 2, 1], 3.5, { low: 1, high: 6, kind: 'median95' }],
  ] as const) {
    assert.deepEqual(estimate(values), { value, interval, values });
  }
});

test('the interval of the median lies between the order statistics of the tables', () => {
  // Hahn and Meeker, table A.15: n = 10: 2 and 9 (97.9 %), n = 20: 6 and 15 (95.9 %).
  for (const [n, low, high] of [
    [9, 2, 8],
    [10, 2, 9],
    [20, 6, 15],
  ] as const) {
    const values = Array.from({ length: n }, (_, i) => i + 1);
    assert.deepEqual(estimate(values)?.interval, { low, high, kind: 'median95' }, `n ${n}`);
  }
});

test('intervals are apart only where both are known and share no point', () => {
  const of = (...values: number[]) => {
    const made = estimate(values);
    assert.ok(made);
    return made;
  };
  assert.equal(areApart(of(1, 2), of(3, 4)), true);
  assert.equal(areApart(of(3, 4), of(1, 2)), true);
  assert.equal(areApart(of(1, 3), of(3, 4)), false);
  assert.equal(areApart(of(1), of(3, 4)), false);
});
