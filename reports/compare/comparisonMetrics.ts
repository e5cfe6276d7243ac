import type { Family, Run } from '../../contract/result.ts';
import type { DefinitionId } from '../definitions.ts';
import { formatBytes, formatCount, formatRate, formatShare, formatUs, significant } from '../numbers.ts';
import { cpuCores } from '../statistics/cpuCores.ts';

/** A figure that servers are compared by. */
export interface ComparisonMetric {
  readonly id: string;
  readonly label: string;
  /** The label where there is little room, at most 32 characters; the label itself where none is given. */
  readonly short?: string;
  readonly definition: DefinitionId | null;
  /** Unit of the exact value. */
  readonly unit: string;
  readonly family: Family;
  readonly better: 'higher' | 'lower';
  /** Adds the runs up instead of taking their median: a ledger's counts are exact. */
  readonly isCount?: true;
  readonly of: (run: Run) => number | null;
  readonly format: (value: number) => string;
}

const MB = 1_000_000;

/** Figures under the load that all servers shared: those of a search for a ceiling were measured under another. */
const shared = (of: (run: Run) => number | null | undefined) => (run: Run) =>
  isSearch(run) ? null : (of(run) ?? null);

/** A run that saturated the server instead of giving it the load that all share. */
export function isSearch({ procedure, ceiling, closedLoop }: Run): boolean {
  return procedure === 'ceiling' || ceiling !== null || closedLoop !== null;
}

function latency(key: 'p50' | 'p95' | 'p99'): ComparisonMetric {
  return {
    id: key,
    label: `delivery latency, ${key}`,
    definition: 'delivery-latency',
    unit: 'us',
    family: 'latency',
    better: 'lower',
    // Not defined is later than any bound: without such a run the median would be that of the good ones.
    of: shared(({ latencyUs }) => latencyUs && (latencyUs.delivery[key] ?? Number.POSITIVE_INFINITY)),
    format: formatUs,
  };
}

function echo(key: 'p50' | 'p99'): ComparisonMetric {
  return {
    id: `echo-${key}`,
    label: `echo latency, ${key}`,
    definition: 'echo',
    unit: 'us',
    family: 'latency',
    better: 'lower',
    of: shared(({ chat }) => chat && (chat.echoUs[key] ?? Number.POSITIVE_INFINITY)),
    format: formatUs,
  };
}

function ledger(key: 'lost' | 'duplicated' | 'reordered'): ComparisonMetric {
  return {
    id: key,
    label: key,
    definition: 'ledger',
    unit: 'deliveries',
    family: 'deliveries',
    better: 'lower',
    isCount: true,
    of: shared((run) => run.deliveries?.[key]),
    format: formatCount,
  };
}

/** Resident memory of the server under load over its connections, megabytes: the ruler of ROI 1. */
export function loadedMbPerConnection(run: Run): number | null {
  const { meanRssBytes } = run.memory.server;
  const { established } = run.connections;
  return meanRssBytes === null || established === 0 ? null : meanRssBytes / established / MB;
}

/**
 * Everything that serving a delivery took, microseconds: servers and bus, ingest included. Stages pay for ingest in
 * different places (a bus moves it to other nodes), so taking it off would favour those that do more of it. null where
 * the bus runs elsewhere: its part was not seen.
 */
function wholeCpuPerDelivery({ cpu, deliveries, bus }: Run): number | null {
  if (bus?.isGiven) return null;
  if (deliveries === null || deliveries.perSecond === 0 || cpu.server.usPerDelivery === null) return null;
  const server = cpuCores(cpu.server);
  const broker = cpu.broker === null ? 0 : cpuCores(cpu.broker);
  if (server === null || broker === null) return null;
  return ((server + broker) * 1e6) / deliveries.perSecond;
}

export const METRIC = {
  ceiling: {
    id: 'ceiling',
    label: 'deliveries per second at the ceiling',
    short: 'ceiling, deliveries per second',
    definition: 'ceiling',
    unit: 'deliveries/s',
    family: 'throughput',
    better: 'higher',
    of: (run) => run.ceiling?.deliveriesPerSecond ?? null,
    format: formatRate,
  },
  closedLoop: {
    id: 'closedLoop',
    label: 'closed-loop polls per second (no ceiling)',
    short: 'closed-loop polls per second',
    definition: 'closed-loop',
    unit: 'polls/s',
    family: 'throughput',
    better: 'higher',
    of: (run) => run.closedLoop?.requestsPerSecond ?? null,
    format: formatRate,
  },
  deliveries: {
    id: 'deliveries',
    label: 'deliveries per second',
    definition: 'deliveries-per-second',
    unit: 'deliveries/s',
    family: 'throughput',
    better: 'higher',
    of: shared((run) => run.deliveries?.perSecond),
    format: formatRate,
  },
  p50: latency('p50'),
  p95: latency('p95'),
  p99: latency('p99'),
  connects: {
    id: 'connects',
    label: 'connects per second',
    definition: 'connect-rate',
    unit: 'connects/s',
    family: 'throughput',
    better: 'higher',
    of: shared((run) => run.connections.perSecond),
    format: formatRate,
  },
  handshakeMedian: {
    id: 'handshakeMedian',
    label: 'handshake, p50',
    definition: 'handshake',
    unit: 'us',
    family: 'latency',
    better: 'lower',
    of: shared((run) => run.handshakeUs?.p50),
    format: formatUs,
  },
  handshake: {
    id: 'handshake',
    label: 'handshake, p95',
    definition: 'handshake',
    unit: 'us',
    family: 'latency',
    better: 'lower',
    of: shared((run) => run.handshakeUs?.p95),
    format: formatUs,
  },
  memory: {
    id: 'memory',
    label: 'server memory per idle connection',
    short: 'server memory per connection',
    definition: 'memory-slope',
    unit: 'bytes',
    family: 'memory',
    better: 'lower',
    of: shared((run) => run.memory.server.rssPerConnectionBytes),
    format: formatBytes,
  },
  clientMemory: {
    id: 'clientMemory',
    label: 'load client memory per idle connection',
    short: 'client memory per connection',
    definition: 'memory-slope',
    unit: 'bytes',
    family: 'memory',
    better: 'lower',
    of: shared((run) => run.memory.generator.rssPerConnectionBytes),
    format: formatBytes,
  },
  memoryLoaded: {
    id: 'memoryLoaded',
    label: 'server memory under load, in all',
    definition: 'memory-load',
    unit: 'bytes',
    family: 'memory',
    better: 'lower',
    of: shared((run) => run.memory.server.meanRssBytes),
    format: formatBytes,
  },
  kernel: {
    id: 'kernel',
    label: 'kernel memory per connection, both ends',
    short: 'kernel memory per connection',
    definition: 'rulers',
    unit: 'bytes',
    family: 'memory',
    better: 'lower',
    of: shared((run) => run.memory.kernelPerConnectionBytes),
    format: formatBytes,
  },
  cpu: {
    id: 'cpu',
    label: 'server CPU per delivery, ingest and bus included',
    short: 'CPU per delivery, all included',
    definition: 'cpu-per-delivery',
    unit: 'us',
    family: 'throughput',
    better: 'lower',
    of: shared(wholeCpuPerDelivery),
    format: formatUs,
  },
  deliveryCpu: {
    id: 'deliveryCpu',
    label: 'server CPU per delivery, without ingest',
    short: 'CPU per delivery, without ingest',
    definition: 'cpu-per-delivery',
    unit: 'us',
    family: 'throughput',
    better: 'lower',
    of: shared((run) => run.cpu.server.usPerDelivery),
    format: formatUs,
  },
  publishCpu: {
    id: 'publishCpu',
    label: 'server CPU per publish, nobody subscribed',
    short: 'CPU per publish',
    definition: 'cpu-per-delivery',
    unit: 'us',
    family: 'throughput',
    better: 'lower',
    of: shared((run) => run.cpu.server.usPerPublish),
    format: formatUs,
  },
  brokerCpu: {
    id: 'brokerCpu',
    label: 'CPU of the bus process per delivery',
    short: 'bus CPU per delivery',
    definition: 'cpu-per-delivery',
    unit: 'us',
    family: 'throughput',
    better: 'lower',
    of: shared((run) => run.cpu.broker?.usPerDelivery),
    format: formatUs,
  },
  syscalls: {
    id: 'syscalls',
    label: 'server system calls per delivery',
    definition: 'syscalls',
    unit: 'calls',
    family: 'throughput',
    better: 'lower',
    of: shared((run) => run.io.server.syscallsPerDelivery),
    format: significant,
  },
  wire: {
    id: 'wire',
    label: 'bytes on the wire per delivery',
    definition: 'wire',
    unit: 'bytes',
    family: 'throughput',
    better: 'lower',
    of: shared((run) => run.wire.bytesPerDelivery),
    format: formatBytes,
  },
  recovery: {
    id: 'recovery',
    label: 'until every connection was back after the fault',
    short: 'all connections back after',
    definition: 'recovery',
    unit: 'ms',
    family: 'deliveries',
    better: 'lower',
    of: shared((run) => run.fault?.recoveredMs),
    format: (ms) => formatUs(ms * 1000),
  },
  echo50: echo('p50'),
  echo99: echo('p99'),
  lost: ledger('lost'),
  duplicated: ledger('duplicated'),
  reordered: ledger('reordered'),
  wasted: {
    id: 'wasted',
    label: 'polls that found nothing new',
    definition: 'wasted-polls',
    unit: 'fraction',
    family: 'throughput',
    better: 'lower',
    of: shared((run) => run.polling?.wastedRatio),
    format: formatShare,
  },
  roiCeiling: {
    id: 'roiCeiling',
    label: 'ROI 1 at the ceiling: deliveries/s over MB of RSS per connection',
    short: 'ROI 1 at the ceiling',
    definition: 'roi',
    unit: '1/s/MB',
    family: 'throughput',
    better: 'higher',
    of: (run) => (run.ceiling ? run.roi.qpsPerMbRss : null),
    format: significant,
  },
  roiLoad: {
    id: 'roiLoad',
    label: 'ROI 1 at the shared load',
    definition: 'roi',
    unit: '1/s/MB',
    family: 'throughput',
    better: 'higher',
    of: shared((run) => run.roi.qpsPerMbRss),
    format: significant,
  },
  roiObjective: {
    id: 'roiObjective',
    label: 'ROI 2: deliveries/s inside the objective over MB of server',
    short: 'ROI 2, inside the objective',
    definition: 'roi',
    unit: '1/s/MB',
    family: 'throughput',
    better: 'higher',
    of: shared((run) => run.roi.sloDeliveriesPerMbServer),
    format: significant,
  },
  moneyDeliveries: {
    id: 'moneyDeliveries',
    label: 'ROI 3: cost per million deliveries',
    short: 'ROI 3, per million deliveries',
    definition: 'roi',
    unit: '',
    family: 'throughput',
    better: 'lower',
    of: shared((run) => run.roi.money?.perMillionDeliveries),
    format: significant,
  },
  moneyConnections: {
    id: 'moneyConnections',
    label: 'ROI 3: cost per 100k connections and month',
    short: 'ROI 3, per 100k connection-months',
    definition: 'roi',
    unit: '',
    family: 'memory',
    better: 'lower',
    of: shared((run) => run.roi.money?.per100kConnectionMonth),
    format: significant,
  },
} as const satisfies Record<string, ComparisonMetric>;
