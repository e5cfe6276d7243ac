import assert from 'node:assert/strict';
import { test } from 'node:test';
import { blockDifference, isBeyond } from './differences.ts';

const LESS = { scale: 'share', better: 'lower' } as const;
const MORE = { scale: 'share', better: 'higher' } as const;
const EVENTS = { scale: 'count', better: 'lower' } as const;

function near(value: number, expected: number): void {
  assert.ok(Math.abs(value - expected) < 1e-12, `${value} is not ${expected}`);
}

test('a block is the mean of the logarithms of head less that of base', () => {
  near(blockDifference([10, 40], [20, 80], LESS), Math.log(2));
  near(blockDifference([10, 40], [20, 40], LESS), Math.log(2) / 2);
});

test('the unit and a factor common to all four runs do not matter', () => {
  const difference = blockDifference([10, 12], [11, 17], LESS);
  near(blockDifference([10_000, 12_000], [11_000, 17_000], LESS), difference);
  near(blockDifference([11, 17], [10, 12], LESS), -difference);
});

test('a drift that is a line over the block cancels in either order', () => {
  const drift = (turn: number) => 5 * Math.exp(0.1 * turn);
  near(blockDifference([drift(0), drift(3)], [drift(1), drift(2)], LESS), 0);
  near(blockDifference([drift(1), drift(2)], [drift(0), drift(3)], LESS), 0);
});

test('counts differ by their means', () => {
  assert.equal(blockDifference([0, 0], [0, 3], EVENTS), 1.5);
  assert.equal(blockDifference([4, 2], [1, 1], EVENTS), -2);
});

test('a reading that is not defined is worse than any number, on both sides alike none', () => {
  assert.ok(isBeyond(blockDifference([10, 10], [10, 'undefined'], LESS), LESS));
  assert.ok(blockDifference([10, 10], [10, 'undefined'], LESS) > 0);
  assert.ok(blockDifference([10, 10], [10, 'undefined'], MORE) < 0);
  assert.ok(blockDifference(['undefined', 10], [10, 10], LESS) < 0);
  assert.equal(blockDifference(['undefined', 'undefined'], ['undefined', 'undefined'], LESS), 0);
  near(blockDifference(['undefined', 10], [20, 'undefined'], LESS), Math.log(2));
});

test('0 is less than any share of anything, and nothing against 0', () => {
  assert.equal(blockDifference([0, 0], [0, 0], LESS), 0);
  assert.ok(isBeyond(blockDifference([0, 0], [0, 5], LESS), LESS));
  assert.ok(blockDifference([0, 0], [0, 5], LESS) > 0);
  assert.ok(blockDifference([5, 5], [0, 5], LESS) < 0);
});

test('no difference is infinite or not a number', () => {
  const readings = [0, -3, 1e-9, 1e12, 'undefined'] as const;
  for (const a of readings) {
    for (const b of readings) {
      for (const metric of [LESS, MORE, EVENTS])
        assert.ok(Number.isFinite(blockDifference([a, b], [b, 1], metric)));
    }
  }
});
