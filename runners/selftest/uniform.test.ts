import assert from 'node:assert/strict';
import { test } from 'node:test';
import { distanceFromUniform, uniformBeyond, uniformShare } from './uniform.ts';

const constant = (us: number) => ({ totalCount: 1_000, getValueAtPercentile: () => us });
/** Evenly spread over [0, overUs]. */
const spread = (overUs: number) => ({
  totalCount: 1_000,
  getValueAtPercentile: (percentile: number) => (percentile / 100) * overUs,
});
const RANGE = { fromUs: 20_000, overUs: 40_000 };

test('the share of a uniform distribution below a value', () => {
  for (const [value, share] of [
    [0, 0],
    [20_000, 0],
    [30_000, 0.25],
    [60_000, 1],
    [90_000, 1],
  ])
    assert.equal(uniformShare(value, RANGE), share);
});

for (const quantile of [0.1, 0.5, 0.99]) {
  test(`a uniform time beyond a constant one is shifted by it: p${quantile * 100}`, () => {
    const found = uniformBeyond(constant(5_000), RANGE, quantile);
    assert.ok(Math.abs(found - (25_000 + quantile * 40_000)) < 1, String(found));
  });
}

test('the sum of two uniform times is triangular', () => {
  const range = { fromUs: 0, overUs: 1_000 };
  // P(U + V <= x) = x^2 / 2 below the middle.
  for (const x of [200, 500, 900]) {
    const found = uniformBeyond(spread(1_000), range, x ** 2 / 2e6);
    assert.ok(Math.abs(found - x) < 1, `${x}: ${found}`);
  }
});

test('the distance from a uniform distribution', () => {
  assert.ok(distanceFromUniform(spread(1_000), { fromUs: 0, overUs: 1_000 }) < 0.001);
  assert.ok(Math.abs(distanceFromUniform(spread(500), { fromUs: 0, overUs: 1_000 }) - 0.5) < 0.002);
  assert.ok(Math.abs(distanceFromUniform(constant(0), { fromUs: 0, overUs: 1_000 }) - 1) < 0.002);
});
