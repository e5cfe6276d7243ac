import assert from 'node:assert/strict';
import { test } from 'node:test';
import { METRICS } from '../contract/metrics.ts';
import { metricFamily } from './metricFamily.ts';

const EXPECTED = {
  latency: [
    'latencyUs.delivery.p99',
    'handshakeUs.max',
    'publish.ackUs.p50',
    'bus.hopUs.p99',
    'loop.delayP99Us',
  ],
  memory: ['memory.server.rssPerConnectionBytes', 'bus.brokerRssBytes', 'gc.allocatedBytesPerDelivery'],
  throughput: [
    'deliveries.perSecond',
    'cpu.server.usPerDelivery',
    'io.server.syscallsPerDelivery',
    'wire.bytesPerDelivery',
  ],
  deliveries: [
    'deliveries.lost',
    'connections.failed',
    'publish.refused',
    'fault.recoveredMs',
    'slow.lost',
    'rolling.moved',
  ],
} as const;

for (const [family, paths] of Object.entries(EXPECTED)) {
  for (const path of paths) {
    test(`${path} is as good as the ${family} of its run`, () => {
      assert.ok(
        METRICS.some((metric) => metric.path === path),
        'a path that there is',
      );
      assert.equal(metricFamily(path), family);
    });
  }
}
