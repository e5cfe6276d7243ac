import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nextRate, type SearchBounds } from './ceilingSearch.ts';

const BOUNDS: SearchBounds = { startRate: 10, maxSteps: 12, precision: 1.1, maxRate: 1e6 };

const step = (ratePerSecond: number, passed: boolean) => ({ ratePerSecond, passed });
const passed = (ratePerSecond: number) => step(ratePerSecond, true);
const failed = (ratePerSecond: number) => step(ratePerSecond, false);

for (const [name, steps, next, bounds] of [
  ['begins at the start rate', [], 10, {}],
  ['doubles while steps pass', [passed(10), passed(20)], 40, {}],
  ['goes no higher than the highest rate', [passed(10), passed(20)], 30, { maxRate: 30 }],
  ['ends when the highest rate passed', [passed(30)], null, { maxRate: 30 }],
  ['takes a quarter while nothing has passed', [failed(10)], 2.5, {}],
  ['goes on from the lowest failure', [failed(10), failed(2.5)], 0.625, {}],
  ['gives up where hardly anything is sent', [failed(0.1)], null, {}],
  ['bisects on a log scale', [passed(100), failed(400)], 200, {}],
  ['bisects between the best and the lowest', [passed(10), failed(400), passed(100), failed(200)], 141, {}],
  ['keeps two decimals of a low rate', [passed(1), failed(2)], 1.41, {}],
  ['goes on just above its precision', [passed(100), failed(111)], 105, {}],
  ['ends at its precision', [passed(100), failed(110)], null, {}],
  ['ends after so many steps', [passed(1), passed(2), passed(4)], null, { maxSteps: 3 }],
  ['ends where a lower rate failed than passed', [passed(100), failed(90)], null, {}],
] as const) {
  test(`the search ${name}`, () => {
    assert.equal(nextRate(steps, { ...BOUNDS, ...bounds }), next);
  });
}

/** Searches a server that carries up to `ceiling` per second. */
function search(ceiling: number, bounds: SearchBounds) {
  const steps: { ratePerSecond: number; passed: boolean }[] = [];
  for (let rate = nextRate(steps, bounds); rate !== null; rate = nextRate(steps, bounds)) {
    steps.push(step(rate, rate <= ceiling));
  }
  return steps;
}

for (const ceiling of [0.3, 7, 10, 333, 40_000]) {
  test(`a ceiling of ${ceiling} per second is found within the precision`, () => {
    const steps = search(ceiling, { ...BOUNDS, maxSteps: 40 });
    const best = Math.max(...steps.filter((each) => each.passed).map((each) => each.ratePerSecond));
    assert.ok(best <= ceiling && best * BOUNDS.precision >= ceiling, `${best}`);
    assert.ok(steps.length < 25, `${steps.length} steps`);
  });
}
