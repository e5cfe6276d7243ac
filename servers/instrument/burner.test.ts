import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Burner } from './burner.ts';

test('burns no less than what was asked for', () => {
  const burner = new Burner();
  const from = process.cpuUsage();
  for (let i = 0; i < 200; i++) burner.burn(50);
  const { user, system } = process.cpuUsage(from);
  assert.ok(user + system >= 200 * 50, `${user + system} us`);
});

test('what one time burns too much is taken off the next', () => {
  let nowUs = 0;
  let readings = 0;
  const burner = new Burner(() => {
    readings++;
    nowUs += 7;
    return nowUs;
  });
  for (let i = 0; i < 200; i++) burner.burn(50);
  // The first reading of each time begins it.
  const burnedUs = 7 * (readings - 200);
  assert.ok(burnedUs >= 200 * 50 && burnedUs < 200 * 50 + 7, `${burnedUs} us`);
});
