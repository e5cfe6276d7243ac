import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sparkline } from './sparkline.ts';

test('a bar per value, with the same bar for nothing whatever the others are', () => {
  assert.equal(sparkline([-1, -0.5, 0, 0.5, 1], 1), '▁▃▄▆█');
  assert.equal(sparkline([0, 0], 7), '▄▄');
  assert.equal(sparkline([], 1), '');
});

test('what lies beyond the scale is drawn at its end', () => {
  assert.equal(sparkline([-9, 9], 1), '▁█');
});
