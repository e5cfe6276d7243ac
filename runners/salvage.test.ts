import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PhaseSpec } from '../contract/schedule.ts';
import { createPacer } from '../scenarios/pacing.ts';
import { firstUnsentIndex } from './salvage.ts';

const SPEC: PhaseSpec = {
  id: 2,
  name: 'measure',
  firstIndex: 500,
  count: 1_000,
  startUs: 7_000_000,
  durationUs: 10_000_000,
  ratePerSecond: 100,
  shape: [{ durationMs: 10_000, ratePerSecond: 100 }],
  arrivals: 'uniform',
  seed: 3,
  streams: 4,
};

for (const [name, afterStartUs, index] of [
  ['before the phase nothing is sent', -1, 500],
  ['the first message is due at the start', 0, 501],
  ['one is due every 10 ms', 9_999, 501],
  ['a message that is due now is sent', 10_000, 502],
  ['in the middle', 5_000_000, 1_001],
  ['after the phase all are sent', 60_000_000, 1_500],
] as const) {
  test(`the first unsent message: ${name}`, () => {
    assert.equal(firstUnsentIndex(SPEC, SPEC.startUs + afterStartUs), index);
  });
}

test('Poisson gaps are those of the publisher', () => {
  const spec: PhaseSpec = { ...SPEC, arrivals: 'poisson' };
  const pacer = createPacer('poisson', spec.ratePerSecond, spec.seed);
  for (const sent of [1, 17, 999]) {
    const lastUs = spec.startUs + Math.ceil(pacer.intendedUs(sent - 1));
    assert.equal(firstUnsentIndex(spec, lastUs), spec.firstIndex + sent);
  }
});
