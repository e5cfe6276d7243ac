import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BufferPool } from './bufferPool.ts';

test('uses a buffer again once it was given back, and not before', () => {
  const pool = new BufferPool();
  const first = pool.take(10);
  const second = pool.take(10);
  assert.notEqual(first, second);
  first.release();
  assert.equal(pool.take(4_096), first);
});

test('keeps no buffer that was made for one large event', () => {
  const pool = new BufferPool();
  const large = pool.take(5_000);
  assert.equal(large.bytes.length, 5_000);
  large.release();
  assert.equal(pool.idleCount, 0);
});

test('shows the first bytes of a buffer, whatever was shown before', () => {
  const buffer = new BufferPool().take(10);
  buffer.bytes.write('abcdef');
  for (const length of [3, 3, 6, 1]) assert.equal(buffer.first(length).toString(), 'abcdef'.slice(0, length));
});
