import assert from 'node:assert/strict';
import { test } from 'node:test';
import { messagesBefore, seqOf, sliceRows, streamOf } from './schedule.ts';

test('counts the messages of a stream below an index', () => {
  // Three streams: indices 0 3 6 9 are of stream 0, 1 4 7 of stream 1, 2 5 8 of stream 2.
  for (const [index, stream, count] of [
    [0, 0, 0],
    [1, 0, 1],
    [3, 0, 1],
    [4, 0, 2],
    [1, 1, 0],
    [2, 1, 1],
    [2, 2, 0],
    [10, 0, 4],
    [10, 1, 3],
    [10, 2, 3],
  ] as const) {
    assert.equal(messagesBefore(index, stream, 3), count, `index ${index}, stream ${stream}`);
  }
});

test('numbers each stream from 0 without a gap', () => {
  const next = [0, 0, 0, 0, 0, 0, 0];
  for (let index = 0; index < 100; index++) {
    const stream = streamOf(index, 7);
    assert.equal(messagesBefore(index, stream, 7), next[stream]);
    assert.equal(seqOf(index, 7), next[stream]++);
  }
});

test('cuts a window into ten rows per second as long as 240 rows hold it', () => {
  for (const [seconds, rows] of [
    [0.2, 10],
    [1, 10],
    [20, 200],
    [24, 240],
    [25, 125],
    [48, 240],
    [100, 200],
    [240, 240],
    [3_600, 240],
  ] as const) {
    assert.equal(sliceRows(seconds * 1e6), rows, `${seconds} s`);
  }
});
