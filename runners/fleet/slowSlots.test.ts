import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SlowReading, slowSlots } from './slowSlots.ts';

const FLEET = {
  seed: 1,
  fleetSlots: 1_000,
  firstProbeSlot: 960,
  firstSlot: 0,
  slots: 1_000,
  slow: { share: 0.05, bytesPerSecond: 1_024 },
};
const sum = (flags: Uint8Array): number => flags.reduce((total, flag) => total + flag, 0);

test('a seeded share of the bulk slots reads slowly, and no probe', () => {
  const drawn = slowSlots(FLEET);
  assert.equal(sum(drawn), 48);
  assert.equal(sum(drawn.subarray(960)), 0);
  assert.deepEqual(slowSlots(FLEET), drawn);
  assert.notDeepEqual(slowSlots({ ...FLEET, seed: 2 }), drawn);
});

test('all processes draw the same', () => {
  const whole = slowSlots(FLEET);
  const parts = [0, 480, 960].map((firstSlot, i, all) => {
    const end = all[i + 1] ?? FLEET.fleetSlots;
    return [...slowSlots({ ...FLEET, firstSlot, slots: end - firstSlot })];
  });
  assert.deepEqual(parts.flat(), [...whole]);
});

for (const [share, bulk, expected] of [
  [0.05, 10, 1],
  [0.5, 10, 5],
  [0.001, 10, 1],
] as const) {
  test(`${share} of ${bulk} slots are ${expected}`, () => {
    const place = { ...FLEET, fleetSlots: bulk, slots: bulk, slow: { share, bytesPerSecond: 1 } };
    assert.equal(sum(slowSlots(place)), expected);
  });
}

test('nobody reads slowly where nobody is to', () => {
  const reading = new SlowReading({ ...FLEET, slow: null });
  assert.equal(sum(reading.isSlow), 0);
  assert.equal(reading.boundOf(0), null);
  assert.equal(
    reading.counts(new Uint8Array(1_000).fill(1), () => true),
    null,
  );
});

test('each slow slot ends in exactly one way, and once released reads without bound', () => {
  const reading = new SlowReading({
    ...FLEET,
    fleetSlots: 8,
    firstProbeSlot: 8,
    slots: 8,
    slow: { share: 0.5, bytesPerSecond: 7 },
  });
  const slow = [...reading.isSlow.keys()].filter((slot) => reading.isSlow[slot] === 1);
  const [kept, back, away, never] = slow;
  assert.equal(reading.boundOf(kept), 7);
  for (const slot of [back, away]) reading.ended(slot);
  for (const slot of [back, kept]) reading.toldGap(slot);
  const expected = new Uint8Array(8).fill(1);
  // It was never established, so nothing became of it.
  expected[never] = 0;
  const counts = reading.counts(expected, (slot) => slot !== away);
  assert.deepEqual(counts, { slots: 3, kept: 1, back: 1, away: 1, gapTold: 2 });
  assert.deepEqual(reading.release(), slow);
  assert.equal(reading.boundOf(kept), null);
  assert.deepEqual(reading.release(), [], 'once');
});
