import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Run } from '../../contract/result.ts';
import { sampleRun } from '../testing/sampleRun.ts';
import { faultRun } from '../testing/sampleScenarios.ts';
import { fewMessages, readingOf, windowsNeeded } from './reading.ts';

const PLAIN = sampleRun();
const P99 = 'latencyUs.delivery.p99';

function withDelivery(over: Partial<NonNullable<Run['latencyUs']>['delivery']>): Run {
  const { latencyUs } = PLAIN;
  assert.ok(latencyUs);
  return { ...PLAIN, latencyUs: { ...latencyUs, delivery: { ...latencyUs.delivery, ...over } } };
}

test('a figure is read as it stands, and what was not measured is none', () => {
  assert.equal(readingOf(PLAIN, 'cpu.server.usPerDelivery'), 12.4);
  assert.equal(readingOf(PLAIN, 'deliveries.lost'), 0);
  assert.equal(readingOf({ ...PLAIN, latencyUs: null }, P99), null);
  assert.equal(readingOf(PLAIN, 'bus.hopUs.p99'), null);
});

test('a percentile that too much was lost for is not defined, also where nothing arrived at all', () => {
  assert.equal(readingOf(withDelivery({ p99: null }), P99), 'undefined');
  const nothing = withDelivery({ p99: null, count: 0, messages: 0 });
  assert.equal(readingOf(nothing, P99), null);
  const { deliveries } = PLAIN;
  assert.ok(deliveries);
  assert.equal(readingOf({ ...nothing, deliveries: { ...deliveries, received: 0 } }, P99), 'undefined');
  assert.equal(readingOf({ ...nothing, deliveries: null }, P99), null);
});

test('what was tried and did not come about is not defined', () => {
  const { fault } = faultRun();
  assert.ok(fault);
  assert.equal(
    readingOf({ ...PLAIN, fault: { ...fault, recoveredMs: null } }, 'fault.recoveredMs'),
    'undefined',
  );
  assert.equal(readingOf(PLAIN, 'fault.recoveredMs'), null);
});

test('a search for a ceiling has its own figures and those from before it, and no others', () => {
  const search: Run = { ...PLAIN, procedure: 'ceiling' };
  assert.equal(readingOf(search, P99), null);
  assert.equal(readingOf(search, 'cpu.server.usPerDelivery'), null);
  assert.equal(readingOf(search, 'connections.perSecond'), 9_600);
  assert.equal(readingOf(search, 'memory.server.rssPerConnectionBytes'), 15_200);
});

test('of runs with few messages the fewest are told, where they do not support the percentile', () => {
  assert.equal(fewMessages([PLAIN, withDelivery({ messages: 367 })], P99), 367);
  assert.equal(fewMessages([PLAIN, withDelivery({ messages: 368 })], P99), null);
  assert.equal(fewMessages([withDelivery({ messages: 367 })], 'latencyUs.delivery.p50'), null);
  assert.equal(fewMessages([PLAIN], 'cpu.server.usPerDelivery'), null);
  assert.equal(windowsNeeded([PLAIN, withDelivery({ messages: 92 })], P99), 4);
  assert.equal(windowsNeeded([withDelivery({ messages: 368 })], P99), 1);
  assert.equal(windowsNeeded([PLAIN], 'cpu.server.usPerDelivery'), 1);
});
