import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ReplayBuffer } from './replay.ts';

function filled(maxEvents: number, maxBytes: number, topics: readonly string[], bytes = 1): ReplayBuffer {
  const replay = new ReplayBuffer(maxEvents, maxBytes);
  for (const topic of topics) replay.append(topic, Buffer.alloc(bytes));
  return replay;
}

function idsAfter(replay: ReplayBuffer, id: number, topic: string): number[] {
  return replay.after(id, topic).events.map((event) => event.id);
}

test('gives the events of one topic after an id', () => {
  const replay = filled(10, 1_000, ['a', 'b', 'a', 'a', 'b']);
  assert.deepEqual(idsAfter(replay, 0, 'a'), [1, 3, 4]);
  assert.deepEqual(idsAfter(replay, 3, 'a'), [4]);
  assert.deepEqual(replay.after(5, 'a'), { gap: null, events: [], cursor: 5 });
  assert.deepEqual(replay.after(0, 'c'), { gap: null, events: [], cursor: 5 });
});

test('keeps at most so many events', () => {
  const replay = filled(3, 1_000, Array(10).fill('a'));
  assert.deepEqual(replay.after(4, 'a').gap, { from: 5, to: 7 });
  assert.deepEqual(idsAfter(replay, 4, 'a'), [8, 9, 10]);
  assert.equal(replay.after(7, 'a').gap, null);
});

test('keeps at most so many bytes', () => {
  const replay = filled(100, 25, Array(10).fill('a'), 10);
  assert.equal(replay.bytes, 20);
  assert.deepEqual(idsAfter(replay, 8, 'a'), [9, 10]);
  assert.deepEqual(replay.after(0, 'a').gap, { from: 1, to: 8 });
});

test('keeps nothing where nothing may be kept, and says so', () => {
  for (const replay of [filled(0, 1_000, ['a', 'a']), filled(10, 5, ['a', 'a'], 6)]) {
    assert.deepEqual(replay.after(1, 'a'), { gap: { from: 2, to: 2 }, events: [], cursor: 2 });
    assert.equal(replay.after(2, 'a').gap, null);
    assert.equal(replay.bytes, 0);
  }
});

test('tells a gap only for topics that lost something', () => {
  const replay = filled(2, 1_000, ['a', 'b', 'b', 'b']);
  assert.equal(replay.after(1, 'a').gap, null);
  assert.deepEqual(replay.after(0, 'a').gap, { from: 1, to: 1 });
  assert.deepEqual(replay.after(1, 'b').gap, { from: 2, to: 2 });
});

test('remembers so many topics exactly, and tells a gap rather than none beyond them', () => {
  const replay = new ReplayBuffer(0, 0);
  for (let n = 0; n < 20_000; n++) replay.append(`t${n}`, Buffer.alloc(1));
  assert.deepEqual(replay.after(10, 'quiet').gap, { from: 11, to: 20_000 - 16_384 });
  assert.equal(replay.after(19_000, 'quiet').gap, null);
});

test('takes an id that was never assigned for one that has seen nothing', () => {
  const replay = filled(2, 1_000, ['a', 'a', 'a']);
  for (const id of [4, Number.NaN, -1]) {
    const { gap, events } = replay.after(id, 'a');
    assert.deepEqual(gap, { from: null, to: 1 });
    assert.equal(events.length, 2);
  }
});

test('goes in steps up to an id, about so many bytes at a time', () => {
  const replay = filled(10, 1_000, Array(6).fill('a'), 10);
  const first = replay.after(0, 'a', 5, 20);
  assert.deepEqual([first.events.length, first.cursor], [2, 2]);
  const second = replay.after(first.cursor, 'a', 5, 1_000);
  assert.deepEqual([second.events.length, second.cursor], [3, 5]);
});

test('tells a gap where ids were skipped, after the events before it', () => {
  const replay = filled(10, 1_000, ['a', 'a']);
  replay.append('a', Buffer.alloc(1), 5);
  replay.append('a', Buffer.alloc(1));
  const before = replay.after(0, 'a');
  assert.deepEqual([before.gap, before.events.map(({ id }) => id), before.cursor], [null, [1, 2], 2]);
  const beyond = replay.after(2, 'a');
  assert.deepEqual([beyond.gap, beyond.events.map(({ id }) => id)], [{ from: 3, to: 4 }, [5, 6]]);
  assert.deepEqual(replay.after(3, 'b').gap, { from: 4, to: 4 });
  assert.equal(replay.after(4, 'a').gap, null);
});

test('a skip at the end is a gap too, and a skip to where it is is none', () => {
  const replay = filled(10, 1_000, ['a', 'a']);
  replay.skipTo(2);
  assert.equal(replay.after(1, 'a').gap, null);
  replay.skipTo(4);
  assert.deepEqual(replay.after(2, 'a'), { gap: { from: 3, to: 4 }, events: [], cursor: 4 });
});

test('tells a skip for as long as events before it were kept, and after', () => {
  const replay = filled(4, 1_000, ['a', 'a']);
  replay.append('a', Buffer.alloc(1), 5);
  for (let n = 0; n < 4; n++) replay.append('b', Buffer.alloc(1));
  assert.deepEqual(replay.after(2, 'a').gap, { from: 3, to: 5 });
  assert.deepEqual(replay.after(3, 'c').gap, { from: 4, to: 4 });
});

test('a skip wider than what is kept forgets all, however wide', () => {
  const replay = filled(4, 1_000, ['a', 'a'], 10);
  replay.append('a', Buffer.alloc(1), 2 ** 33);
  assert.deepEqual(replay.after(1, 'a').gap, { from: 2, to: 2 ** 33 - 1 });
  assert.deepEqual(idsAfter(replay, 2 ** 33 - 1, 'a'), [2 ** 33]);
  assert.equal(replay.bytes, 1);
});
