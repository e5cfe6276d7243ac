import assert from 'node:assert/strict';
import { test } from 'node:test';
import { METRICS } from '../../contract/metrics.ts';
import { parseThreshold } from './threshold.ts';

for (const [text, path, comparator, bound] of [
  ['latencyUs.delivery.p99 < 50ms', 'latencyUs.delivery.p99', '<', 50_000],
  ['latencyUs.delivery.p999<=1.5s', 'latencyUs.delivery.p999', '<=', 1_500_000],
  ['latencyUs.delivery.max < 250', 'latencyUs.delivery.max', '<', 250],
  ['latencyUs.delivery.p50 < 250µs', 'latencyUs.delivery.p50', '<', 250],
  ['fault.recoveredMs < 2s', 'fault.recoveredMs', '<', 2_000],
  ['fault.recoveredMs < 500us', 'fault.recoveredMs', '<', 0.5],
  ['deliveries.lost == 0', 'deliveries.lost', '==', 0],
  ['connections.established >= 20k', 'connections.established', '>=', 20_000],
  ['deliveries.perSecond > 20k/s', 'deliveries.perSecond', '>', 20_000],
  ['memory.server.rssPerConnectionBytes < 6KiB', 'memory.server.rssPerConnectionBytes', '<', 6_144],
  ['memory.server.peakRssBytes < 1.5GB', 'memory.server.peakRssBytes', '<', 1_610_612_736],
  ['flow.peakConnectionBytes <= 1MB', 'flow.peakConnectionBytes', '<=', 1_048_576],
  ['slow.bytesPerSecond >= 1KB/s', 'slow.bytesPerSecond', '>=', 1_024],
  ['loop.utilisation < 80%', 'loop.utilisation', '<', 0.8],
  ['polling.wastedRatio != 0.5', 'polling.wastedRatio', '!=', 0.5],
  ['io.server.syscallsPerDelivery <= 1.2', 'io.server.syscallsPerDelivery', '<=', 1.2],
] as const) {
  test(`${text} is read in the unit of its path`, () => {
    assert.deepEqual(parseThreshold(text), { ok: true, value: { text, path, comparator, bound } });
  });
}

for (const [input, expected] of [
  ['latencyUs.delivery.p95 < 5KiB', /bound of latencyUs\.delivery\.p95 is a time such as 50ms/],
  ['memory.server.peakRssBytes < 50ms', /bound of memory\.server\.peakRssBytes is a size such as 6KiB/],
  ['deliveries.lost == 5%', /bound of deliveries\.lost is a plain number/],
  ['loop.utilisation < 80ms', /a share such as 5%/],
  ['deliveries.perSecond > 20KiB', /a rate such as .* deliveries per second/],
  [
    'latencyUs.delivery.p99.9 < 50ms',
    /no such path latencyUs\.delivery\.p99\.9; .*did you mean "latencyUs\.delivery\.p999"/,
  ],
  ['latencyUs.delivery.p99 = 50ms', /= is no comparison; one of <= >= == != < >/],
  ['latencyUs.delivry.p99 => 50ms', /no such path .*; => is no comparison/],
  ['latencyUs.delivery.p99 <', /bound of .* is a time/],
  ['latencyUs.delivery.p99 < -5ms', /bound of .* is a time/],
  ['latencyUs.delivery.p99', /PATH OP BOUND, such as/],
  ['', /PATH OP BOUND/],
  [50, /PATH OP BOUND/],
] as const) {
  test(`${JSON.stringify(input)} is refused, with what would be right`, () => {
    const parsed = parseThreshold(input);
    assert.match(parsed.ok ? 'accepted' : parsed.expected, expected);
  });
}

test('every path takes a plain number in its own unit', () => {
  for (const { path } of METRICS) {
    const parsed = parseThreshold(`${path} <= 7`);
    assert.equal(parsed.ok && parsed.value.bound, 7, path);
  }
});
