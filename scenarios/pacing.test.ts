import assert from 'node:assert/strict';
import { test } from 'node:test';
import { countOf, createPacer, createSchedule } from './pacing.ts';

for (const [name, rate, elapsedUs, sent, waitUs] of [
  ['the first is due at once', 1_000, 0, 0, 0],
  ['the second one gap later', 1_000, 0, 1, 1_000],
  ['part of the gap is over', 1_000, 400, 1, 600],
  ['due now', 1_000, 1_000, 1, 0],
  ['late: not waited for', 1_000, 5_000, 1, 0],
  ['ahead of the schedule', 1_000, 1_000, 10, 9_000],
  ['less than one per second', 0.5, 0, 1, 2_000_000],
  ['a rate that is no whole gap', 3, 0, 3, 1_000_000],
  ['rate 0 never sends', 0, 1e9, 0, Number.POSITIVE_INFINITY],
] as const) {
  test(`uniform, ${name}`, () => {
    assert.equal(createPacer('uniform', rate, 1).waitUs(elapsedUs, sent), waitUs);
  });
}

for (const rate of [-1, Number.NaN, Number.POSITIVE_INFINITY]) {
  test(`a rate of ${rate} is refused`, () => {
    assert.throws(() => createPacer('uniform', rate, 1), RangeError);
    assert.throws(() => createPacer('poisson', rate, 1), RangeError);
  });
}

test('uniform: no rounding error grows with the run', () => {
  assert.equal(createPacer('uniform', 7, 1).intendedUs(7_000_000), 1e12);
});

test('poisson: the same seed gives the same times, in whatever order they are asked for', () => {
  const forward = createPacer('poisson', 400, 9);
  const times = Array.from({ length: 100 }, (_, i) => forward.intendedUs(i));
  const backward = createPacer('poisson', 400, 9);
  assert.equal(backward.intendedUs(99), times[99]);
  assert.equal(backward.intendedUs(5), times[5]);
  assert.notEqual(createPacer('poisson', 400, 10).intendedUs(5), times[5]);
});

test('poisson: gaps are positive, of the right mean, and as scattered as exponential ones are', () => {
  const pacer = createPacer('poisson', 1_000, 3);
  const count = 20_000;
  const times = Array.from({ length: count }, (_, i) => pacer.intendedUs(i));
  const gaps = times.map((time, i) => time - (times[i - 1] ?? 0));
  const mean = gaps.reduce((sum, gap) => sum + gap, 0) / count;
  const deviation = Math.sqrt(gaps.reduce((sum, gap) => sum + (gap - mean) ** 2, 0) / count);
  assert.ok(gaps.every((gap) => gap >= 0));
  assert.ok(Math.abs(mean - 1_000) < 30, `mean ${mean}`);
  // The standard deviation of an exponential distribution is its mean.
  assert.ok(Math.abs(deviation / mean - 1) < 0.05, `deviation ${deviation}`);
});

test('poisson at rate 0 never sends', () => {
  assert.equal(createPacer('poisson', 0, 1).intendedUs(0), Number.POSITIVE_INFINITY);
});

const SPIKE = [
  { durationMs: 1_000, ratePerSecond: 10 },
  { durationMs: 500, ratePerSecond: 100 },
  { durationMs: 1_000, ratePerSecond: 0 },
  { durationMs: 1_000, ratePerSecond: 10 },
];

for (const [index, atMs] of [
  [0, 0],
  [9, 900],
  [10, 1_000],
  [11, 1_010],
  [59, 1_490],
  [60, 2_500],
  [61, 2_600],
  [70, 3_500],
] as const) {
  test(`a load shape: message ${index} at ${atMs} ms`, () => {
    const schedule = createSchedule({ arrivals: 'uniform', shape: SPIKE, seed: 1 });
    assert.ok(Math.abs(schedule.intendedUs(index) / 1_000 - atMs) < 1e-6);
  });
}

test('a load shape asks for the messages of its stages', () => {
  assert.equal(countOf(SPIKE), 70);
});

test('a shape of one stage is the plain schedule', () => {
  const shape = [{ durationMs: 1_000, ratePerSecond: 7 }];
  const plain = createPacer('poisson', 7, 3);
  assert.equal(createSchedule({ arrivals: 'poisson', shape, seed: 3 }).intendedUs(20), plain.intendedUs(20));
});
