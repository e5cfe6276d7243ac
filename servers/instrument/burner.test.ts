import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Burner } from './burner.ts';

test('burns what was asked for in sum, though no single time is exact', () => {
  const burner = new Burner();
  const from = process.cpuUsage();
  for (let i = 0; i < 200; i++) burner.burn(50);
  const { user, system } = process.cpuUsage(from);
  assert.ok(user + system >= 200 * 50, `${user + system} us`);
});
