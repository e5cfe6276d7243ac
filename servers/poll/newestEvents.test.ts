import assert from 'node:assert/strict';
import { test } from 'node:test';
import { NewestEvents } from './newestEvents.ts';

const event = (id: number, topic: string, bytes = 1) => ({
  id,
  topic,
  data: Buffer.alloc(bytes),
  frame: null,
});

test('keeps the newest of each topic', () => {
  const newest = new NewestEvents();
  for (const [i, topic] of ['a', 'b', 'a'].entries()) newest.put(event(i + 1, topic));
  assert.deepEqual([newest.of('a')?.id, newest.of('b')?.id, newest.of('c')], [3, 2, undefined]);
});

test('forgets the topic that was silent longest beyond its number of topics', () => {
  const newest = new NewestEvents(2);
  for (const [i, topic] of ['a', 'b', 'a', 'c'].entries()) newest.put(event(i + 1, topic));
  assert.deepEqual([newest.of('a')?.id, newest.of('b'), newest.of('c')?.id], [3, undefined, 4]);
});

test('holds its bytes, but always the last event', () => {
  const newest = new NewestEvents(100, 1_000);
  newest.put(event(1, 'a', 600));
  newest.put(event(2, 'b', 600));
  assert.deepEqual([newest.of('a'), newest.of('b')?.id], [undefined, 2]);
  newest.put(event(3, 'c', 5_000));
  assert.deepEqual([newest.of('b'), newest.of('c')?.id], [undefined, 3]);
  newest.put(event(4, 'd', 400));
  assert.deepEqual([newest.of('c'), newest.of('d')?.id], [undefined, 4]);
});

test('keeps the bytes of an event, not the batch that it came in', () => {
  const newest = new NewestEvents();
  const batch = Buffer.from('one two three');
  newest.put({ id: 1, topic: 'a', data: batch.subarray(4, 7), frame: null });
  const data = newest.of('a')?.data;
  assert.equal(data?.toString(), 'two');
  assert.equal(data?.buffer.byteLength, 3);
});
