import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DelayLine } from './delayLine.ts';

test('holds each item back for the whole delay, in order', (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  let nowMs = 0;
  const released: (readonly [item: string, atMs: number])[] = [];
  const line = new DelayLine<string>(
    10,
    (item) => released.push([item, nowMs]),
    () => nowMs,
  );
  const pass = (ms: number): void => {
    for (let i = 0; i < ms; i++) {
      nowMs++;
      t.mock.timers.tick(1);
    }
  };
  line.put('a');
  pass(4);
  line.put('b');
  line.put('c');
  pass(30);
  line.put('d');
  pass(9);
  assert.deepEqual(released, [
    ['a', 10],
    ['b', 14],
    ['c', 14],
  ]);
  line.stop();
  pass(10);
  assert.equal(released.length, 3, 'nothing comes after the end');
});

test('without a delay it lets everything through at once', () => {
  const released: number[] = [];
  new DelayLine<number>(0, (item) => released.push(item)).put(1);
  assert.deepEqual(released, [1]);
});
