import assert from 'node:assert/strict';
import { test } from 'node:test';
import { spreadLabels } from './spreadLabels.ts';

const at = (...ys: number[]) => ys.map((y, i) => ({ text: String(i), y }));

test('labels that are apart stay where they are', () => {
  assert.deepEqual(spreadLabels(at(10, 50), 14, 100), at(10, 50));
});

test('labels that would touch move apart', () => {
  assert.deepEqual(
    spreadLabels(at(10, 12), 14, 100).map(({ y }) => y),
    [10, 24],
  );
});

test('labels at the bottom push upwards', () => {
  assert.deepEqual(
    spreadLabels(at(99, 100), 14, 100).map(({ y }) => y),
    [86, 100],
  );
});
