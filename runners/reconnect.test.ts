import assert from 'node:assert/strict';
import { test } from 'node:test';
import { seededRandom } from '../contract/random.ts';
import {
  backoffMs,
  FIRST_DELAY_MS,
  LONGEST_DELAY_MS,
  RetryQueue,
  SHORTEST_FIRST_DELAY_MS,
} from './reconnect.ts';

/** The largest draw there is. */
const ALMOST_ONE = 1 - 2 ** -32;

for (const [name, attempt, firstDelayMs, fullMs] of [
  ['the first delay', 0, FIRST_DELAY_MS, 1_000],
  ['doubled', 1, FIRST_DELAY_MS, 2_000],
  ['doubled again', 4, FIRST_DELAY_MS, 16_000],
  ['never above the longest', 5, FIRST_DELAY_MS, LONGEST_DELAY_MS],
  ['after many attempts', 5_000, FIRST_DELAY_MS, LONGEST_DELAY_MS],
  ["the server's own", 0, 3_000, 3_000],
  ["the server's own, too long", 0, 1e12, LONGEST_DELAY_MS],
  ["the server's own, too short", 0, 0, SHORTEST_FIRST_DELAY_MS],
  ['too short and doubled', 3, 0, 8 * SHORTEST_FIRST_DELAY_MS],
] as const) {
  test(`back-off is between half of the delay and all of it: ${name}`, () => {
    assert.equal(backoffMs(attempt, firstDelayMs, 0), fullMs / 2);
    assert.equal(backoffMs(attempt, firstDelayMs, 0.5), fullMs * 0.75);
    const highest = backoffMs(attempt, firstDelayMs, ALMOST_ONE);
    assert.ok(highest < fullMs && highest > fullMs * 0.999);
  });
}

test('an empty queue has nothing due', () => {
  const queue = new RetryQueue();
  assert.equal(queue.takeDue(Number.POSITIVE_INFINITY), null);
  assert.equal(queue.length, 0);
});

test('a slot is due at its time and not before', () => {
  const queue = new RetryQueue();
  queue.add(3, 100);
  assert.equal(queue.takeDue(99), null);
  assert.equal(queue.takeDue(100), 3);
  assert.equal(queue.takeDue(100), null);
});

test('cleared, it forgets all', () => {
  const queue = new RetryQueue();
  queue.add(3, 100);
  queue.add(4, 50);
  queue.clear();
  assert.equal(queue.length, 0);
  assert.equal(queue.takeDue(1_000), null);
});

/** Adds and takes at random, and looks up in a plain list what should have been taken. */
function compareWithPlainList(seed: number): void {
  const random = seededRandom(seed);
  const queue = new RetryQueue();
  const waiting = new Map<number, number>();
  for (let slot = 0; slot < 500; slot++) {
    const dueUs = Math.floor(random() * 100);
    queue.add(slot, dueUs);
    waiting.set(slot, dueUs);
    if (random() < 0.6) continue;
    const nowUs = Math.floor(random() * 100);
    const earliest = Math.min(...waiting.values());
    const taken = queue.takeDue(nowUs);
    assert.equal(taken === null, earliest > nowUs);
    if (taken === null) continue;
    assert.equal(waiting.get(taken), earliest);
    waiting.delete(taken);
  }
  let lastUs = 0;
  for (let slot = queue.takeDue(100); slot !== null; slot = queue.takeDue(100)) {
    const dueUs = waiting.get(slot) ?? Number.NaN;
    assert.ok(dueUs >= lastUs);
    lastUs = dueUs;
    waiting.delete(slot);
  }
  assert.equal(waiting.size, 0);
}

for (const seed of [1, 2, 3, 4, 5]) {
  test(`slots leave the queue once and by due time, seed ${seed}`, () => compareWithPlainList(seed));
}
