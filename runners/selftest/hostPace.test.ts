import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hostPace, paceSpread } from './hostPace.ts';

test('the pace of the host is a time, and its spread that of the slowest over the quickest', () => {
  assert.ok(hostPace() > 0);
  assert.equal(paceSpread([100, 100]), 0);
  assert.ok(Math.abs(paceSpread([120, 100, 110]) - 0.2) < 1e-12);
});
