import assert from 'node:assert/strict';
import { test } from 'node:test';
import { heldAgainst, smallestVisible, verdictOn } from './tolerance.ts';

const shares = (low: number, high: number) => ({
  at: Math.log1p((low + high) / 2),
  low: Math.log1p(low),
  high: Math.log1p(high),
  confidence: 0.96,
});
const LESS = { scale: 'share', better: 'lower' } as const;
const MORE = { scale: 'share', better: 'higher' } as const;
const EVENTS = { scale: 'count', better: 'lower' } as const;

const ROWS = [
  { metric: LESS, change: [0.051, 0.2], verdict: 'FAIL' },
  { metric: LESS, change: [0.049, 0.2], verdict: 'INCONCLUSIVE' },
  { metric: LESS, change: [-0.2, 0.051], verdict: 'INCONCLUSIVE' },
  { metric: LESS, change: [-0.2, 0.05], verdict: 'PASS' },
  { metric: LESS, change: [-0.9, -0.5], verdict: 'PASS' },
  { metric: MORE, change: [-0.2, -0.051], verdict: 'FAIL' },
  { metric: MORE, change: [-0.2, -0.049], verdict: 'INCONCLUSIVE' },
  { metric: MORE, change: [-0.05, 0.4], verdict: 'PASS' },
] as const;

test('a whole interval beyond the tolerance fails, one inside it passes, all else is open', () => {
  for (const { metric, change, verdict } of ROWS) {
    const [low, high] = change;
    assert.equal(
      verdictOn(heldAgainst(shares(low, high), 0.05, metric)),
      verdict,
      `${metric.better} ${change}`,
    );
  }
});

test('a tolerance of 0 holds where nothing differs, and counts are held against counts', () => {
  const of = (low: number, high: number) => ({ at: low, low, high, confidence: 0.96 });
  assert.equal(verdictOn(heldAgainst(of(0, 0), 0, LESS)), 'PASS');
  assert.equal(verdictOn(heldAgainst(of(0, 0), 0, EVENTS)), 'PASS');
  assert.equal(verdictOn(heldAgainst(of(1, 4), 0, EVENTS)), 'FAIL');
  assert.equal(verdictOn(heldAgainst(of(1, 4), 5, EVENTS)), 'PASS');
});

test('the smallest visible change is the tolerance and half the width, and would just have failed', () => {
  const shift = shares(-0.04, 0.04);
  for (const metric of [LESS, MORE]) {
    const held = heldAgainst(shift, 0.05, metric);
    const visible = smallestVisible(held, metric);
    const half = (shift.high - shift.low) / 2;
    const turn = metric.better === 'lower' ? 1 : -1;
    const at = Math.log(1 + turn * visible);
    const moved = (by: number) => ({ ...shift, at: at + by, low: at + by - half, high: at + by + half });
    assert.equal(verdictOn(heldAgainst(moved(turn * 1e-9), 0.05, metric)), 'FAIL');
    assert.equal(verdictOn(heldAgainst(moved(turn * -1e-9), 0.05, metric)), 'INCONCLUSIVE');
  }
  assert.equal(
    smallestVisible(heldAgainst({ at: 0, low: -1, high: 2, confidence: 0.96 }, 3, EVENTS), EVENTS),
    4.5,
  );
});

test('to accept 100 % less is to accept anything', () => {
  const held = heldAgainst(shares(-0.99, -0.98), 1, MORE);
  assert.equal(verdictOn(held), 'PASS');
  assert.equal(smallestVisible(held, MORE), 1);
});
