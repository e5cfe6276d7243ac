import assert from 'node:assert/strict';
import { test } from 'node:test';
import { seededRandom } from '../../contract/random.ts';
import { mannKendall } from './mannKendall.ts';

const near = (p: number, expected: number) =>
  assert.ok(Math.abs(p - expected) < expected / 100, `${p} for ${expected}`);

test('p by hand: ten rising values, with and without ties', () => {
  // S = 45, variance 10 x 9 x 25 / 18 = 125, z = 44 / 11.180.
  near(mannKendall([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]), 8.3e-5);
  near(mannKendall([10, 9, 8, 7, 6, 5, 4, 3, 2, 1]), 8.3e-5);
  // Five pairs of equal values: S = 40, variance 125 - 5 x (2 x 1 x 9) / 18 = 120, z = 39 / 10.954.
  near(mannKendall([1, 1, 2, 2, 3, 3, 4, 4, 5, 5]), 3.7e-4);
});

test('values that are all alike have no trend', () => {
  assert.equal(mannKendall(new Array(20).fill(7)), 1);
});

test('among values without a trend one in twenty has a p below 5 %', () => {
  const random = seededRandom(1);
  const trials = 2_000;
  let alarms = 0;
  for (let i = 0; i < trials; i++) {
    if (mannKendall(Array.from({ length: 20 }, random)) < 0.05) alarms++;
  }
  assert.ok(alarms / trials > 0.035 && alarms / trials < 0.065, `${alarms} of ${trials}`);
});
