import assert from 'node:assert/strict';
import { test } from 'node:test';
import { median, theilSen } from './theilSen.ts';

test('median of odd, even and no values', () => {
  assert.equal(median([9, 1, 5]), 5);
  assert.equal(median([10, 1, 2, 100]), 6);
  assert.ok(Number.isNaN(median([])));
});

test('finds a line exactly, and is not bent by one odd level', () => {
  const points = [1, 2, 3, 4, 5].map((x) => ({ x: x * 1_000, y: 58e6 + x * 1_000 * 2_048 }));
  assert.deepEqual(theilSen(points), { slope: 2_048, intercept: 58e6 });
  const odd = points.map((point, i) => (i === 2 ? { ...point, y: point.y + 40e6 } : point));
  assert.equal(theilSen(odd)?.slope, 2_048);
});

test('takes the median of the slopes of all pairs', () => {
  // Slopes of all pairs: 1, 1.5, 1 2/3, 2, 2, 2; their median is (1 2/3 + 2) / 2.
  const points = [
    { x: 1, y: 1 },
    { x: 2, y: 2 },
    { x: 3, y: 4 },
    { x: 4, y: 6 },
  ];
  assert.ok(Math.abs((theilSen(points)?.slope ?? 0) - 11 / 6) < 1e-12);
});

test('no line through fewer than two different x', () => {
  assert.equal(theilSen([]), null);
  assert.equal(theilSen([{ x: 1, y: 1 }]), null);
  assert.equal(
    theilSen([
      { x: 1, y: 1 },
      { x: 1, y: 2 },
    ]),
    null,
  );
});
