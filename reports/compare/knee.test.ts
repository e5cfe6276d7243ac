import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kneeOf } from './knee.ts';

const points = (...p99s: (number | null)[]) => p99s.map((p99Us, i) => ({ load: 1_000 * 2 ** i, p99Us }));

test('the knee is the last load before p99 doubles, whatever comes after', () => {
  for (const [p99s, load, isReached] of [
    [[100, 150, 200, 201, 9_000], 4_000, true],
    [[100, 900, 150, 150], 1_000, true],
    [[100, 120, null, 100], 2_000, true],
    [[100, 90, 110], 4_000, false],
  ] as const) {
    assert.deepEqual(kneeOf(points(...p99s)), { load, isReached, boundUs: 200 });
  }
});

test('points are taken by load, not by their order', () => {
  assert.equal(kneeOf(points(100, 150, 201).reverse())?.load, 2_000);
});

test('no knee without three loads and a p99 at the lightest', () => {
  assert.equal(kneeOf(points(100, 900)), null);
  assert.equal(kneeOf(points(null, 100, 100)), null);
});
