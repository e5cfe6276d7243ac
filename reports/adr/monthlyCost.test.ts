import assert from 'node:assert/strict';
import { test } from 'node:test';
import { quantity, SAMPLE_PRICES, sampleMeasured, sampleTraffic } from '../testing/sampleMeasured.ts';
import { breakEvenOf, monthsUntil, netAtHorizon } from './breakEven.ts';
import { demandOf } from './demand.ts';
import { type MonthlyCost, monthlyCostOf } from './monthlyCost.ts';
import { exactly } from './range.ts';

function costOf(over: Parameters<typeof sampleMeasured>[0] = {}): MonthlyCost {
  const demand = demandOf(sampleMeasured(over), sampleTraffic(), 0.5);
  assert.ok(demand);
  return monthlyCostOf(demand, SAMPLE_PRICES, 0.5);
}

test('a month is 730 hours of cores and memory kept ready, and the bytes of the peak', () => {
  const cost = costOf({ cpu: quantity(10), memory: quantity(10_737.41824), base: quantity(0) });
  assert.equal(cost.cpu.value, 5 * 0.1 * 730);
  // 100,000 x 10,737.41824 B = 1 GiB, of which half a node may be used.
  assert.ok(Math.abs(cost.memory.value - 2 * 0.01 * 730) < 1e-9);
  const gib = (200_000 * 300 * 3_600 * 730) / 2 ** 30;
  assert.ok(Math.abs(cost.traffic.value - gib * 0.05) < 1e-6);
  assert.equal(cost.total.value, cost.cpu.value + cost.memory.value + cost.traffic.value);
});

test('the ends of the figures are the ends of the sum', () => {
  const cost = costOf();
  assert.equal(cost.cpu.low, 4 * 0.1 * 730);
  assert.equal(cost.cpu.high, 6 * 0.1 * 730);
  assert.ok(cost.total.low < cost.total.value && cost.total.value < cost.total.high);
});

const total = (low: number, value: number, high: number): MonthlyCost => ({
  cpu: exactly(0),
  memory: exactly(0),
  traffic: exactly(0),
  total: { low, value, high, hasInterval: true },
});

test('a change pays back after effort over saving, the ends taken against each other', () => {
  const { saving, months } = breakEvenOf(total(900, 1_000, 1_100), total(500, 600, 700), 12_000);
  assert.deepEqual(saving, { low: 200, value: 400, high: 600, hasInterval: true });
  assert.deepEqual(months, { low: 20, value: 30, high: 60, hasInterval: true });
});

test('where the other may cost more, the worst case never pays back; where it does, none does', () => {
  const open = breakEvenOf(total(900, 1_000, 1_100), total(800, 950, 1_000), 3_000);
  assert.deepEqual(
    [open.months.low, open.months.value, open.months.high],
    [10, 60, Number.POSITIVE_INFINITY],
  );
  const never = breakEvenOf(total(90, 100, 110), total(200, 300, 400), 3_000);
  assert.equal(never.months.low, Number.POSITIVE_INFINITY);
});

test('nothing to do is paid back at once, and the horizon counts months of saving less the effort', () => {
  assert.equal(monthsUntil(0, -5), 0);
  assert.equal(monthsUntil(100, 0), Number.POSITIVE_INFINITY);
  assert.equal(netAtHorizon(10_000, 500), 8_000);
});
