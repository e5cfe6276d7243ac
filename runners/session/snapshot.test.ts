import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hasLost, NO_PIDS, takeSnapshot } from './snapshot.ts';

test('a process that is gone makes the counters of its role half a sum, and of no other', () => {
  const before = takeSnapshot({ ...NO_PIDS, server: [process.pid], worker: [process.pid] });
  const after = takeSnapshot({ ...NO_PIDS, worker: [process.pid] });
  assert.equal(hasLost(before, after, ['server']), true);
  assert.equal(hasLost(before, after, ['worker', 'server']), true);
  assert.equal(hasLost(before, after, ['worker']), false);
  assert.equal(hasLost(after, before, ['server']), false);
});
