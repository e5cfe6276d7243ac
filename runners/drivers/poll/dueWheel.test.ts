import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { seededRandom } from '../../../contract/random.ts';
import { DueWheel } from './dueWheel.ts';

interface Told {
  readonly slot: number;
  readonly dueUs: number;
  readonly atUs: number;
}

/** Step by step: within one tick every timer would see its end. */
function tickBy(t: TestContext, ms: number): void {
  for (let i = 0; i < ms; i++) t.mock.timers.tick(1);
}

/** A wheel whose time the test moves. */
function wheelOf(
  t: TestContext,
  slots: number,
  then: (wheel: DueWheel, slot: number, dueUs: number) => void = () => {},
) {
  t.mock.timers.enable({ apis: ['setTimeout', 'Date'] });
  const told: Told[] = [];
  const wheel: DueWheel = new DueWheel(
    slots,
    () => Date.now() * 1_000,
    (slot, dueUs, atUs) => {
      told.push({ slot, dueUs, atUs });
      then(wheel, slot, dueUs);
    },
  );
  return { wheel, told, tick: (ms: number) => tickBy(t, ms) };
}

test('tells of each slot when it is due, not before', (t) => {
  const { wheel, told, tick } = wheelOf(t, 3);
  wheel.set(0, 10_400);
  wheel.set(1, 3_000);
  wheel.set(2, 10_600);
  tick(2);
  assert.equal(told.length, 0);
  tick(1);
  assert.deepEqual(told, [{ slot: 1, dueUs: 3_000, atUs: 3_000 }]);
  tick(7);
  assert.equal(told.length, 1);
  tick(1);
  assert.deepEqual(told.map(({ slot }) => slot).sort(), [0, 1, 2]);
});

test('tells at once of what is overdue', (t) => {
  const { wheel, told, tick } = wheelOf(t, 1);
  tick(500);
  wheel.set(0, 100_000);
  tick(1);
  assert.equal(told.length, 1);
});

test('moves a slot, and forgets one that is taken out', (t) => {
  const { wheel, told, tick } = wheelOf(t, 3);
  for (const slot of [0, 1, 2]) wheel.set(slot, 5_000);
  wheel.set(0, 90_000);
  wheel.remove(1);
  wheel.remove(1);
  tick(50);
  assert.deepEqual(
    told.map(({ slot }) => slot),
    [2],
  );
  tick(50);
  assert.deepEqual(
    told.map(({ slot }) => slot),
    [2, 0],
  );
});

test('keeps what is due after more than one round', (t) => {
  const { wheel, told, tick } = wheelOf(t, 2);
  wheel.set(0, 100_000_000);
  wheel.set(1, 1_000_000);
  tick(99_999);
  assert.deepEqual(
    told.map(({ slot }) => slot),
    [1],
  );
  tick(1);
  assert.deepEqual(told[1], { slot: 0, dueUs: 100_000_000, atUs: 100_000_000 });
});

test('takes slots back while it tells of others', (t) => {
  const { wheel, told, tick } = wheelOf(t, 4, (each, slot, dueUs) => {
    each.set(slot, dueUs + 10_000);
    if (slot === 0) each.remove(3);
  });
  for (const slot of [0, 1, 2]) wheel.set(slot, 10_000);
  wheel.set(3, 11_000);
  tick(100);
  for (const slot of [0, 1, 2]) assert.equal(told.filter((each) => each.slot === slot).length, 10);
  assert.equal(told.filter(({ slot }) => slot === 3).length, 0);
});

test('tells of 100,000 slots, each once and within a millisecond', (t) => {
  const slots = 100_000;
  const { wheel, told, tick } = wheelOf(t, slots);
  const random = seededRandom(5);
  for (let slot = 0; slot < slots; slot++) wheel.set(slot, random() * 30_000_000);
  tick(30_001);
  assert.equal(new Set(told.map(({ slot }) => slot)).size, slots);
  assert.equal(told.length, slots);
  assert.ok(told.every(({ dueUs, atUs }) => atUs >= dueUs && atUs - dueUs <= 1_000));
});
