import assert from 'node:assert/strict';
import { test } from 'node:test';
import { seededRandom } from '../../contract/random.ts';
import { fitPowerLaw } from './powerLaw.ts';

const RATES = [250, 500, 1_000, 2_000, 4_000];

for (const exponent of [0, 0.5, 1, 2]) {
  test(`an exact law of exponent ${exponent} is found, with no interval to speak of`, () => {
    const fit = fitPowerLaw(RATES.map((x) => ({ x, y: 3e-4 * x ** exponent })));
    assert.ok(fit);
    assert.ok(Math.abs(fit.exponent - exponent) < 1e-9);
    assert.ok(Math.abs(fit.factor - 3e-4) < 1e-9);
    assert.ok(fit.high - fit.low < 1e-6);
  });
}

test('the interval holds the true exponent about as often as it says', () => {
  const random = seededRandom(1);
  const noise = () => (random() + random() + random() + random() - 2) * 0.3;
  const holds = Array.from({ length: 400 }, () => {
    const fit = fitPowerLaw(RATES.map((x) => ({ x, y: x * Math.exp(noise()) })));
    return fit !== null && fit.low <= 1 && fit.high >= 1;
  }).filter(Boolean).length;
  assert.ok(holds / 400 > 0.92 && holds / 400 < 0.98, `${holds} of 400`);
});

test('a growth of n log n is told from a square', () => {
  const fit = fitPowerLaw(RATES.map((x) => ({ x, y: x * Math.log(x) })));
  assert.ok(fit && fit.high < 1.3 && fit.low > 1);
});

for (const [name, points] of [
  ['none', []],
  ['two', RATES.slice(0, 2).map((x) => ({ x, y: x }))],
  ['three at one rate', [1, 2, 3].map((y) => ({ x: 500, y }))],
  ['what is not positive', RATES.map((x) => ({ x, y: 0 }))],
  ['two and one that is not positive', [...RATES.slice(0, 2).map((x) => ({ x, y: x })), { x: 0, y: 1 }]],
] as const) {
  test(`no law is made of ${name}`, () => {
    assert.equal(fitPowerLaw(points), null);
  });
}
