import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mannWhitney } from './mannWhitney.ts';

const near = (p: number | null, expected: number, within = 1e-9) =>
  assert.ok(p !== null && Math.abs(p - expected) <= within, `${p} is not ${expected}`);

test('samples that do not mix: twice the chance of one arrangement', () => {
  near(mannWhitney([1, 2, 3, 4], [5, 6, 7, 8]), 2 / 70);
  near(mannWhitney([5, 6, 7, 8, 9], [1, 2, 3, 4, 0]), 2 / 252);
});

test('agrees with the published table', () => {
  // n = 5 and 5: U = 2 is the 5 % point, two-sided p = 8 / 252.
  near(mannWhitney([1, 2, 3, 4, 7], [5, 6, 8, 9, 10]), 8 / 252);
});

test('ties share their rank; all alike is no difference', () => {
  near(mannWhitney([1, 1, 1, 1], [1, 1, 1, 1]), 1);
  // 1, 1 are tied: sums of three or more tied arrangements are counted exactly.
  near(mannWhitney([1, 1, 2, 2], [3, 3, 4, 4]), 2 / 70);
});

test('too few runs say nothing', () => {
  assert.equal(mannWhitney([1, 2, 3], [4, 5, 6, 7]), null);
  assert.equal(mannWhitney([1, 2, 3, 4], []), null);
});

test('many runs: the approximation meets the exact distribution', () => {
  const values = (from: number, count: number) => Array.from({ length: count }, (_, i) => from + 2 * i);
  const exact = mannWhitney(values(0, 30), values(13, 30));
  const approximate = mannWhitney(values(0, 31), values(13, 31));
  assert.ok(exact !== null && approximate !== null);
  near(approximate, exact, 0.03);
});
