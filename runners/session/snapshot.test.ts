import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hasLost, takeSnapshot } from './snapshot.ts';

const NONE = {
  server: [],
  worker: [],
  probe: [],
  publisher: [],
  broker: [],
  directory: [],
  link: [],
  coordinator: [],
};

test('a process that is gone makes the counters of its role half a sum, and of no other', () => {
  const before = takeSnapshot({ ...NONE, server: [process.pid], worker: [process.pid] });
  const after = takeSnapshot({ ...NONE, worker: [process.pid] });
  assert.equal(hasLost(before, after, ['server']), true);
  assert.equal(hasLost(before, after, ['worker', 'server']), true);
  assert.equal(hasLost(before, after, ['worker']), false);
  assert.equal(hasLost(after, before, ['server']), false);
});
