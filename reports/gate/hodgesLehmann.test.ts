import assert from 'node:assert/strict';
import { test } from 'node:test';
import { seededRandom } from '../../contract/random.ts';
import { type Shift, shiftOfDifferences, shiftOfSamples, walshAverages } from './hodgesLehmann.ts';

function near(
  shift: Shift | null,
  expected: readonly [at: number, low: number, high: number, confidence: number],
) {
  assert.ok(shift);
  const { at, low, high, confidence } = shift;
  [at, low, high, confidence].forEach((value, i) => {
    assert.ok(Math.abs(value - expected[i]) < 1e-9, `${value} is not ${expected[i]}`);
  });
}

// Hamilton depression scale factor IV of nine patients before and after a tranquilliser. Source of the data, the estimate (-0.46) and
// the 96.1 % interval (-0.786, -0.010): Hollander and Wolfe, Nonparametric Statistical Methods, table 3.1, examples 3.3 and 3.4.
const BEFORE = [1.83, 0.5, 1.62, 2.48, 1.68, 1.88, 1.55, 3.06, 1.3];
const AFTER = [0.878, 0.647, 0.598, 2.05, 1.06, 1.29, 1.06, 3.14, 1.29];

test('estimate and interval of a published set of differences', () => {
  const differences = AFTER.map((after, i) => after - BEFORE[i]);
  near(shiftOfDifferences(differences), [-0.46, -0.786, -0.01, 1 - 20 / 512]);
});

// Permeability of the human chorioamnion at term and at 12 to 26 weeks. Source of the data, the estimate (-0.305) and the 96 % interval
// (-0.76, 0.15): Hollander and Wolfe, table 4.1, examples 4.3 and 4.4; also the first example of R's `wilcox.test`.
const AT_TERM = [0.8, 0.83, 1.89, 1.04, 1.45, 1.38, 1.91, 1.64, 0.73, 1.46];
const EARLIER = [1.15, 0.88, 0.9, 0.74, 1.21];

test('estimate and interval of two published samples', () => {
  near(shiftOfSamples(AT_TERM, EARLIER), [-0.305, -0.76, 0.15, 1 - 120 / 3_003]);
});

test('Walsh averages are those of each two, each with itself included', () => {
  assert.deepEqual(walshAverages([1, 2, 6]), [1, 1.5, 3.5, 2, 4, 6]);
  assert.equal(walshAverages(Array.from({ length: 8 }, (_, i) => i)).length, 36);
});

test('too few values have no interval', () => {
  assert.equal(shiftOfDifferences([0.1, 0.2, 0.3, 0.4, 0.5]), null);
  assert.equal(shiftOfDifferences([]), null);
  assert.equal(shiftOfSamples([1, 2, 3], [4, 5, 6]), null);
});

function drawn(count: number, seed: number): number[] {
  const random = seededRandom(seed);
  return Array.from({ length: count }, () => random() - random());
}

test('sides changed over give the same with the other sign', () => {
  for (let seed = 1; seed <= 20; seed++) {
    const values = drawn(8, seed);
    const { at, low, high, confidence } = shiftOfDifferences(values) ?? assert.fail();
    near(shiftOfDifferences(values.map((value) => -value)), [-at, -high, -low, confidence]);
    const [a, b] = [drawn(5, seed), drawn(7, seed + 100)];
    const two = shiftOfSamples(a, b) ?? assert.fail();
    near(shiftOfSamples(b, a), [-two.at, -two.high, -two.low, two.confidence]);
  }
});

test('the estimate moves and stretches with the values, and lies in its interval', () => {
  for (let seed = 1; seed <= 20; seed++) {
    const values = drawn(10, seed);
    const { at, low, high, confidence } = shiftOfDifferences(values) ?? assert.fail();
    assert.ok(low <= at && at <= high);
    const moved = shiftOfDifferences(values.map((value) => 3 * value + 2));
    near(moved, [3 * at + 2, 3 * low + 2, 3 * high + 2, confidence]);
  }
});

test('equal differences have an interval of no width', () => {
  near(shiftOfDifferences(new Array(8).fill(0)), [0, 0, 0, 1 - 10 / 256]);
  near(shiftOfSamples(new Array(5).fill(7), new Array(5).fill(7)), [0, 0, 0, 1 - 8 / 252]);
});
