import assert from 'node:assert/strict';
import { test } from 'node:test';
import { levelOf } from './articleWs.ts';

test('a level: memory, its jitter about its trend, and its range', () => {
  const [level] = levelOf(1_000, [100, 102, 101, 103, 102, 104], 3.5);
  assert.ok(level);
  assert.equal(level.connections, 1_000);
  assert.equal(level.meanBytes, 102);
  assert.equal(level.rangeBytes, 4);
  assert.ok(level.jitter > 0 && level.jitter < 0.02);
  assert.equal(level.gcPauseMaxMs, 3.5);
});

test('two samples are no level', () => {
  assert.deepEqual(levelOf(1_000, [1, 2], null), []);
});
