import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { PollingOptions } from '../../../contract/loadDriver.ts';
import { PollSchedule } from './pollSchedule.ts';

const INTERVAL_US = 100_000;
const OPTIONS: PollingOptions = { mode: 'interval', intervalMs: 100, jitter: 0, backoff: 1, seed: 9 };

/** Step by step: within one tick every timer would see its end. */
function tickBy(t: TestContext, ms: number): void {
  for (let i = 0; i < ms; i++) t.mock.timers.tick(1);
}

/** A schedule whose time the test moves; the polls of each slot in microseconds. */
function scheduleOf(t: TestContext, options: Partial<PollingOptions> = {}, slots = 3) {
  t.mock.timers.enable({ apis: ['setTimeout', 'Date'] });
  const dues: number[][] = Array.from({ length: slots }, () => []);
  const schedule = new PollSchedule(
    slots,
    { ...OPTIONS, ...options },
    () => Date.now() * 1_000,
    (slot, dueUs) => dues[slot].push(dueUs),
  );
  return { schedule, dues, tick: (ms: number) => tickBy(t, ms) };
}

const gapsOf = (dues: readonly number[]): number[] => dues.slice(1).map((due, i) => due - dues[i]);

test('polls at a phase of its own within the first interval, then every interval', (t) => {
  const { schedule, dues, tick } = scheduleOf(t);
  for (const slot of [0, 1, 2]) schedule.opened(slot);
  tick(1_000);
  assert.equal(new Set(dues.map(([first]) => first)).size, 3);
  for (const each of dues) {
    assert.ok(each[0] >= 0 && each[0] < INTERVAL_US);
    assert.equal(each.length, 10);
    for (const gap of gapsOf(each)) assert.ok(Math.abs(gap - INTERVAL_US) < 1e-3, `${gap}`);
  }
});

test('keeps its times where the process stood still', (t) => {
  const { schedule, dues, tick } = scheduleOf(t, {}, 1);
  schedule.opened(0);
  tick(250);
  const [first] = dues[0];
  t.mock.timers.setTime(777);
  tick(300);
  for (const [k, due] of dues[0].entries()) assert.ok(Math.abs(due - first - k * INTERVAL_US) < 1e-3);
  assert.equal(dues[0].length, 11);
});

test('has the same times for the same seed', (t) => {
  const one = scheduleOf(t, { jitter: 0.5 });
  for (const slot of [0, 1, 2]) one.schedule.opened(slot);
  one.tick(500);
  t.mock.timers.reset();
  const two = scheduleOf(t, { jitter: 0.5 });
  for (const slot of [0, 1, 2]) two.schedule.opened(slot);
  two.tick(500);
  assert.deepEqual(two.dues, one.dues);
});

test('jitters each poll within its own interval', (t) => {
  const plain = scheduleOf(t, {}, 1);
  plain.schedule.opened(0);
  plain.tick(101);
  const [phase] = plain.dues[0];
  t.mock.timers.reset();
  const { schedule, dues, tick } = scheduleOf(t, { jitter: 1 }, 1);
  schedule.opened(0);
  tick(20_000);
  const offsets = dues[0].map((due, k) => due - phase - k * INTERVAL_US);
  assert.ok(offsets.every((offset) => offset > -1e-3 && offset < INTERVAL_US));
  assert.ok(Math.max(...offsets) - Math.min(...offsets) > INTERVAL_US / 2);
});

test('asks less and less often while answers are empty, up to 8 intervals, and at once again after a new one', (t) => {
  const { schedule, dues, tick } = scheduleOf(t, { backoff: 2 }, 1);
  schedule.opened(0);
  for (let ms = 0; ms < 5_000; ms++) {
    const before = dues[0].length;
    tick(1);
    if (dues[0].length > before) schedule.answered(0, dues[0].length === 7);
  }
  assert.deepEqual(
    gapsOf(dues[0])
      .map((gap) => Math.round(gap / INTERVAL_US))
      .slice(0, 9),
    [2, 4, 8, 8, 8, 8, 1, 2, 4],
  );
});

test('leaves out the polls in a pause, and keeps its times after it', (t) => {
  const { schedule, dues, tick } = scheduleOf(t, {}, 1);
  schedule.opened(0);
  tick(100);
  schedule.refused(0, 450);
  tick(1_000);
  const [first, second] = dues[0];
  assert.ok(second >= 550_000 && second < 550_000 + INTERVAL_US);
  assert.equal(Math.round(second - first) % INTERVAL_US, 0);
});

test('stops one slot and not the others', (t) => {
  const { schedule, dues, tick } = scheduleOf(t);
  for (const slot of [0, 1, 2]) schedule.opened(slot);
  tick(200);
  schedule.remove(1);
  tick(200);
  assert.deepEqual(
    dues.map(({ length }) => length),
    [4, 2, 4],
  );
});
