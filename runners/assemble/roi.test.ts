import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sampleRun } from '../../reports/testing/sampleRun.ts';
import { steady } from '../../scenarios/steady.ts';
import { EXAMPLE_COST, roiFigures } from './roi.ts';

const run = sampleRun();
const server = { ...run.cpu.server, usPerDelivery: 10, usPerPublish: 50 };
const figures = { ...run, cpu: { ...run.cpu, server, broker: null } };
const money = (scenario = steady, over = {}) =>
  roiFigures({ ...figures, ...over }, scenario, EXAMPLE_COST, 5_000, 50).money;

test('ingest is paid for once: a search has it in its CPU per delivery already', () => {
  const [load, search] = [money(), money({ ...steady, procedure: 'ceiling' })];
  const difference = (load?.perMillionDeliveries ?? 0) - (search?.perMillionDeliveries ?? 0);
  assert.ok(Math.abs(difference - (50 / 50 / 3_600) * EXAMPLE_COST.perCoreHour) < 1e-12);
});

test('memory without its share of the kernel is no price of a connection', () => {
  assert.ok((money()?.per100kConnectionMonth ?? 0) > 0);
  const memory = { ...run.memory, kernelPerConnectionBytes: null };
  assert.equal(money(steady, { memory })?.per100kConnectionMonth, null);
});

test('a delivery over a bus that was not seen has no price', () => {
  const stats = run.latencyUs?.service;
  assert.ok(stats && money()?.perMillionDeliveries);
  const counts = { received: 1, lost: 0, publishFailed: 0, reconnects: 0, brokerRssBytes: null };
  const bus = { kind: 'redis-pubsub', broker: '', isGiven: true, hopUs: stats, ...counts } as const;
  assert.equal(money(steady, { bus })?.perMillionDeliveries, null);
});
