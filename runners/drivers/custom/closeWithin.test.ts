import assert from 'node:assert/strict';
import { test } from 'node:test';
import { closeWithin } from './closeWithin.ts';

test('a close that never ends is waited for no longer than its limit', async () => {
  const fault = await closeWithin({ close: () => new Promise(() => {}) }, 10);
  assert.deepEqual(fault, { reason: 'timeout', detail: 'close() did not end within 10 ms', retryable: true });
});

test('a close that ends, at once or later, is no fault', async () => {
  assert.equal(await closeWithin({ close: () => 'anything' }), null);
  assert.equal(await closeWithin({ close: async () => {} }), null);
});
