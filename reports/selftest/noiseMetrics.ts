import { METRIC } from '../compare/comparisonMetrics.ts';
import type { ComparisonMetric } from '../compare/metric.ts';

export interface NoiseMetric extends ComparisonMetric {
  /** Path in a run of a result. */
  readonly path: string;
}

/** What is watched between runs of one build: the figures that a comparison of builds decides by. */
export const NOISE_METRICS: readonly NoiseMetric[] = [
  { ...METRIC.p50, path: 'latencyUs.delivery.p50' },
  { ...METRIC.p99, path: 'latencyUs.delivery.p99' },
  { ...METRIC.deliveries, path: 'deliveries.perSecond' },
  { ...METRIC.lost, path: 'deliveries.lost' },
  { ...METRIC.deliveryCpu, path: 'cpu.server.usPerDelivery' },
  { ...METRIC.memory, path: 'memory.server.rssPerConnectionBytes' },
  { ...METRIC.syscalls, path: 'io.server.syscallsPerDelivery' },
  { ...METRIC.wire, path: 'wire.bytesPerDelivery' },
  { ...METRIC.handshake, path: 'handshakeUs.p95' },
  { ...METRIC.connects, path: 'connections.perSecond' },
];
