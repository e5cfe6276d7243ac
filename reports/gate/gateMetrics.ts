import { METRICS } from '../../contract/metrics.ts';
import type { Family } from '../../contract/result.ts';
import { metricFamily } from '../metricFamily.ts';

/** A metric that a gate can be set on. */
export interface GateVocabulary {
  /** Path in a run of a result. */
  readonly path: string;
  readonly label: string;
  /** As a headline calls it. */
  readonly short: string;
  readonly unit: string;
  readonly better: 'higher' | 'lower';
  readonly scale: 'share' | 'count';
  /** Runs that are INVALID for this do not count. */
  readonly family: Family;
}

/** What decides where nothing else is said, with the change for the worse that is accepted: shares, and of counts a number per run. */
export const DEFAULT_TOLERANCES: ReadonlyMap<string, number> = new Map([
  ['deliveries.lost', 0],
  ['cpu.server.usPerDelivery', 0.05],
  ['latencyUs.delivery.p99', 0.1],
  ['memory.server.rssPerConnectionBytes', 0.03],
  ['io.server.syscallsPerDelivery', 0.02],
  ['wire.bytesPerDelivery', 0.01],
]);

/** What is told beside those that decide, wherever both sides have it. */
export const INFORMING: readonly string[] = [
  'latencyUs.delivery.p50',
  'latencyUs.delivery.p95',
  'deliveries.perSecond',
  'deliveries.duplicated',
  'deliveries.reordered',
  'connections.perSecond',
  'handshakeUs.p95',
  'publish.ackUs.p99',
  'cpu.server.usPerPublish',
  'memory.server.pssPerConnectionBytes',
  'memory.server.heapPerConnectionBytes',
  'memory.server.meanRssBytes',
  'loop.delayP99Us',
  'loop.utilisation',
  'gc.pauseMsPerSecond',
  'gc.allocatedBytesPerDelivery',
  'chat.echoUs.p99',
  'bus.hopUs.p99',
  'fault.recoveredMs',
  'ceiling.deliveriesPerSecond',
  'closedLoop.requestsPerSecond',
  'cpu.generator.usPerDelivery',
];

/** Label and short name, where the meaning of the path is too long. */
const NAMES: Readonly<Record<string, readonly [label: string, short?: string]>> = {
  'deliveries.lost': ['deliveries lost'],
  'cpu.server.usPerDelivery': ['server CPU per delivery', 'CPU per delivery'],
  'latencyUs.delivery.p99': ['delivery latency, p99', 'p99'],
  'memory.server.rssPerConnectionBytes': ['server memory per connection', 'memory per connection'],
  'io.server.syscallsPerDelivery': ['server system calls per delivery', 'system calls'],
  'wire.bytesPerDelivery': ['bytes on the wire per delivery', 'bytes on the wire'],
  'latencyUs.delivery.p50': ['delivery latency, p50', 'p50'],
  'latencyUs.delivery.p95': ['delivery latency, p95', 'p95'],
  'deliveries.perSecond': ['deliveries per second'],
  'deliveries.duplicated': ['deliveries duplicated'],
  'deliveries.reordered': ['deliveries reordered'],
  'connections.perSecond': ['connects per second'],
  'handshakeUs.p95': ['handshake, p95'],
  'publish.ackUs.p99': ['publish acknowledged, p99'],
  'cpu.server.usPerPublish': ['server CPU per publish, nobody subscribed', 'CPU per publish'],
  'memory.server.pssPerConnectionBytes': ['proportional memory per connection'],
  'memory.server.heapPerConnectionBytes': ['V8 heap per connection'],
  'memory.server.meanRssBytes': ['server memory under load, mean', 'memory under load'],
  'loop.delayP99Us': ['event-loop delay, p99'],
  'loop.utilisation': ['event-loop utilisation'],
  'gc.pauseMsPerSecond': ['garbage collection per second'],
  'gc.allocatedBytesPerDelivery': ['allocated per delivery'],
  'chat.echoUs.p99': ['echo latency, p99'],
  'bus.hopUs.p99': ['bus hop, p99'],
  'fault.recoveredMs': ['until all were back after the fault', 'time to recover'],
  'ceiling.deliveriesPerSecond': ['deliveries per second at the ceiling', 'ceiling'],
  'closedLoop.requestsPerSecond': ['closed-loop polls per second'],
  'cpu.generator.usPerDelivery': ['generator CPU per delivery (should not differ)'],
};

/** Counts of events are 0 on most runs, and of 0 there is no share. A figure per connection is none of them. */
function isEvents(path: string, unit: string): boolean {
  return unit === 'count' && !path.endsWith('erConnection');
}

/** What a gate needs to know of a path; null where there is no such path, or neither way of it is worse. */
export function gateMetric(path: string): GateVocabulary | null {
  const metric = METRICS.find((one) => one.path === path);
  if (!metric || metric.better === null) return null;
  const { unit, meaning, better } = metric;
  const [label, short = label] = NAMES[path] ?? [meaning];
  const scale = isEvents(path, unit) ? 'count' : 'share';
  return { path, label, short, unit, better, scale, family: gateFamily(path) };
}

/** A generator that stood still has read fewer bytes and fewer deliveries: what one of them takes is the same. */
export function gateFamily(path: string): Family {
  return path.startsWith('wire.') ? 'deliveries' : metricFamily(path);
}

/** How a change of a path is told, and its tolerance given; null where no gate can be set on it. */
export function gateScaleOf(path: string): GateVocabulary['scale'] | null {
  return gateMetric(path)?.scale ?? null;
}
