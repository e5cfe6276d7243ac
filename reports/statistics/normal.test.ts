import assert from 'node:assert/strict';
import { test } from 'node:test';
import { normalQuantile, studentQuantile, upperTail } from './normal.ts';

test('the normal distribution and its inverse, as tabled', () => {
  for (const [z, tail] of [
    [0, 0.5],
    [1, 0.158655],
    [1.96, 0.0249979],
    [3, 0.0013499],
  ] as const) {
    assert.ok(Math.abs(upperTail(z) - tail) < 1e-6, `${z}`);
    assert.ok(Math.abs(normalQuantile(tail) - z) < 5e-4, `${tail}`);
  }
});

test('Student’s t, as tabled', () => {
  for (const [tail, freedom, t] of [
    [0.025, 9, 2.262],
    [0.025, 19, 2.093],
    [0.005, 18, 2.878],
    [0.025, 1e6, 1.96],
  ] as const) {
    assert.ok(Math.abs(studentQuantile(tail, freedom) - t) < 2e-3, `${tail}, ${freedom}`);
  }
});
