import assert from 'node:assert/strict';
import { test } from 'node:test';
import { seededRandom } from '../../contract/random.ts';
import type { NoiseRow } from '../../contract/selftest.ts';
import { gateNote, gatesOfNoise } from './gateOfNoise.ts';

const CPU = 'cpu.server.usPerDelivery';

function rowOf(values: NoiseRow['values'], metric = CPU): NoiseRow {
  return { metric, values, mean: null, cv: null, min: null, max: null, falseAlarms: null };
}

/** Runs that scatter by this much either way. */
function scattered(runs: number, by: number): number[] {
  const random = seededRandom(3);
  return Array.from({ length: runs }, () => 12 * (1 + by * (2 * random() - 1)));
}

test('24 runs are one gate, and each run more is one more', () => {
  assert.equal(gatesOfNoise(rowOf(scattered(23, 0.01))), null);
  assert.deepEqual(gatesOfNoise(rowOf(scattered(24, 0.01))), { gates: 1, fail: 0, inconclusive: 0 });
  assert.equal(gatesOfNoise(rowOf(scattered(30, 0.01)))?.gates, 7);
});

test('noise leaves a gate open, and drift does not fail it', () => {
  const noisy = gatesOfNoise(rowOf(scattered(40, 0.3)));
  assert.equal(noisy?.fail, 0);
  assert.ok(noisy.inconclusive > noisy.gates / 2);
  const drifting = Array.from({ length: 40 }, (_, i) => 12 * 1.02 ** i);
  assert.deepEqual(gatesOfNoise(rowOf(drifting)), { gates: 17, fail: 0, inconclusive: 0 });
});

test('runs that alternate between two states, as sides do, raise an alarm', () => {
  // A B B A, B A A B and so on, with B 20 % above A.
  const values = Array.from({ length: 24 }, (_, i) =>
    [0, 3].includes(i % 4) === (Math.floor(i / 4) % 2 === 0) ? 10 : 12,
  );
  assert.deepEqual(gatesOfNoise(rowOf(values)), { gates: 1, fail: 1, inconclusive: 0 });
});

test('a run without a value takes its block, and six blocks are needed', () => {
  const values = scattered(25, 0.01).map((value, i) => (i === 12 ? null : value));
  assert.equal(gatesOfNoise(rowOf(values)), null);
});

test('the note names what decides by default, and what it would need', () => {
  const few = gateNote([rowOf(scattered(10, 0.01))]);
  assert.match(few, /can be tried on 24 runs in a row/);
  const note = gateNote([rowOf(scattered(24, 0.01)), rowOf(scattered(24, 0.01), 'latencyUs.delivery.p50')]);
  assert.match(note, /by default: cpu\.server\.usPerDelivery 0 FAIL and 0 INCONCLUSIVE of 1\. The/);
});
