import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { faultsOf, hasFault, resolve } from './testing/resolving.ts';

const P99 = 'latencyUs.delivery.p99 < 50ms';
const LOST = 'deliveries.lost == 0';

test('thresholds of the config file are read, and those of flags stand in their place', () => {
  const config = { thresholds: [P99, LOST] };
  assert.deepEqual(
    resolve({ config }).thresholds.map(({ text }) => text),
    [P99, LOST],
  );
  const flags = { threshold: ['deliveries.lost <= 5'] };
  assert.deepEqual(
    resolve({ config, flags }).thresholds.map(({ bound }) => bound),
    [5],
  );
});

test('the variable takes a line for each', () => {
  const env = { BENCH_THRESHOLD: `${P99}\n${LOST}\n` };
  assert.deepEqual(
    resolve({ env }).thresholds.map(({ text }) => text),
    [P99, LOST],
  );
});

test('every fault of a list is told at once, by its place', () => {
  const faults = faultsOf({ config: { thresholds: [LOST, 'deliveries.lots == 0', `${P99}ss`, 7] } });
  assert.equal(faults.length, 3);
  assert.match(faults[0], /^config\.thresholds\[1\]: .*did you mean "deliveries\.lost"/);
  assert.match(faults[1], /^config\.thresholds\[2\]: .*a time such as 50ms/);
  assert.match(faults[2], /^config\.thresholds\[3\]: PATH OP BOUND/);
  hasFault({ config: { thresholds: LOST } }, /^config\.thresholds: a list of text/);
});

const TARGET = { target: 'http://127.0.0.1:9000' };
for (const [threshold, flags, pattern] of [
  [P99, { scenario: 'idle' }, /scenario idle publishes nothing/],
  [P99, TARGET, /nothing is published to the target; give --publish-url/],
  ['memory.server.rssPerConnectionBytes < 6KiB', { memoryLevels: '0' }, /--memory-levels is 0/],
  ['cpu.server.usPerDelivery < 9', { ...TARGET, publishUrl: '/publish' }, /give --pid/],
  [
    'wire.bytesPerDelivery < 1KB',
    { ...TARGET, driver: fileURLToPath(import.meta.url) },
    /clients are those of your driver/,
  ],
  ['loop.utilisation < 0.8', TARGET, /only seen inside a reference server/],
  ['polling.failed == 0', { stage: ['sse'] }, /no server of this run is polled/],
  ['bus.lost == 0', { stage: ['sse'] }, /ws-cluster has/],
  ['fault.recoveredMs < 2s', {}, /nothing breaks/],
  ['rolling.moved < 5', { fault: 'cut-connections' }, /nothing is restarted/],
  ['slow.lost == 0', {}, /no client of this run reads slowly/],
  ['chat.halfCloseRefused == 0', {}, /clients do not speak/],
  ['ceiling.deliveriesPerSecond > 1k', {}, /searches no ceiling/],
  ['cpu.link.usPerDelivery < 9', {}, /there is no link/],
  ['generatorCeiling.loadShare < 40%', { calibrate: 'never' }, /not measured with --calibrate never/],
] as const) {
  test(`${threshold} is refused before a run with ${JSON.stringify(flags)}`, () => {
    hasFault(
      { flags: { ...flags, threshold: [threshold] } },
      new RegExp(`^--threshold: .*${pattern.source}`),
    );
  });
}

for (const [threshold, flags] of [
  [P99, { stage: ['sse,poll'] }],
  ['polling.failed == 0', { stage: ['sse,poll'] }],
  ['ceiling.deliveriesPerSecond > 1k', { stage: ['sse,ws'] }],
  ['bus.lost == 0', { stage: ['ws-cluster'] }],
  ['memory.server.rssPerConnectionBytes < 6KiB', { scenario: 'idle' }],
  ['fault.recoveredMs < 2s', { scenario: 'reconnect-storm' }],
  ['slow.lost == 0', { scenario: 'slow-consumer' }],
  ['chat.halfCloseRefused == 0', { scenario: 'chat', stage: ['ws'] }],
  ['cpu.server.usPerDelivery < 9', { ...TARGET, publishUrl: `${TARGET.target}/publish`, pid: ['1'] }],
] as const) {
  test(`${threshold} is taken for a run with ${JSON.stringify(flags)}`, () => {
    assert.equal(resolve({ flags: { ...flags, threshold: [threshold] } }).thresholds.length, 1);
  });
}
