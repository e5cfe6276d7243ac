import assert from 'node:assert/strict';
import { test } from 'node:test';
import { quantity, sampleMeasured, sampleTraffic } from '../testing/sampleMeasured.ts';
import { demandOf, missingOf } from './demand.ts';

test('every process pays for every publish, so they take a share of each core', () => {
  // 200,000 deliveries x 10 us = 2 s of CPU a second; a core gives 0.5 s, of which 1,000 x 100 us = 0.1 s are publishes.
  const demand = demandOf(sampleMeasured(), sampleTraffic(), 0.5);
  assert.equal(demand?.processes.value, 5);
  assert.equal(demand?.processes.low, 4);
  assert.equal(demand?.processes.high, 6);
});

test('behind a bus one process takes each publish, and the bus has a core of its own', () => {
  const measured = sampleMeasured({ everyProcessTakesPublishes: false, busCpu: quantity(1) });
  const demand = demandOf(measured, sampleTraffic(), 0.5);
  assert.equal(demand?.processes.value, (2 + 0.1) / 0.5);
  assert.equal(demand?.busCores.value, 0.2 / 0.5);
});

test('no number of processes is enough where the publishes alone fill each', () => {
  const demand = demandOf(sampleMeasured(), sampleTraffic({ messagesPerSecond: 5_000 }), 0.5);
  assert.equal(demand?.processes.value, Number.POSITIVE_INFINITY);
});

test('clients that ask on an interval cost by their polls, whatever is published', () => {
  const polled = sampleMeasured({ unit: 'poll', pollIntervalSeconds: 2, publishCpu: null });
  const few = demandOf(polled, sampleTraffic({ fanOut: 1 }), 0.5);
  const many = demandOf(polled, sampleTraffic({ fanOut: 1_000 }), 0.5);
  // 100,000 / 2 s = 50,000 polls x 10 us = 0.5 s.
  assert.equal(few?.unitsPerSecond, 50_000);
  assert.equal(few?.processes.value, 1);
  assert.deepEqual(few, many);
});

test('memory is that of the connections, of each process that runs, and of the bus', () => {
  const measured = sampleMeasured({ cpu: quantity(10), kernel: quantity(1_024), busMemory: quantity(7) });
  const demand = demandOf(measured, sampleTraffic(), 0.5);
  // 5 processes of 100 MiB.
  assert.equal(demand?.memoryBytes.value, 100_000 * (10_240 + 1_024) + 5 * 104_857_600 + 7);
});

test('bytes change with the payload, of polls for those that carry one', () => {
  const bytes = (over: Parameters<typeof sampleMeasured>[0]) =>
    demandOf(sampleMeasured(over), sampleTraffic({ payloadBytes: 1_256 }), 0.5)?.bytesPerSecond.value;
  assert.equal(bytes({}), 200_000 * 1_300);
  assert.equal(bytes({ unit: 'poll', pollIntervalSeconds: 1, carryingShare: 0.25 }), 100_000 * 550);
  assert.equal(bytes({ payloadBytes: null }), 200_000 * 300);
});

test('what is missing is named, and nothing is calculated without it', () => {
  const measured = sampleMeasured({ cpu: null, memory: null });
  assert.deepEqual(missingOf(measured), ['CPU per delivery', 'memory per connection']);
  assert.equal(demandOf(measured, sampleTraffic(), 0.5), null);
  assert.equal(demandOf(sampleMeasured({ hasUnseenBus: true }), sampleTraffic(), 0.5), null);
});

test('a figure without an interval leaves the whole without one, and the worst verdict stands', () => {
  const wire = quantity(300);
  const one = { ...wire, range: { ...wire.range, hasInterval: false }, verdict: 'SUSPECT' as const };
  const demand = demandOf(sampleMeasured({ wire: one }), sampleTraffic(), 0.5);
  assert.equal(demand?.bytesPerSecond.hasInterval, false);
  assert.equal(demand?.processes.hasInterval, true);
  assert.equal(demand?.verdict, 'SUSPECT');
});
