import type { Run } from '../../contract/result.ts';
import { METRIC } from '../compare/comparisonMetrics.ts';
import { isIntervalPolled, pollIntervalUs } from '../compare/criteria.ts';
import { figureOf, usableRuns } from '../compare/figures.ts';
import { type ComparisonMetric, shared } from '../compare/metric.ts';
import type { ServerGroup } from '../compare/serverGroup.ts';
import { formatBytes, formatRate, formatUs } from '../numbers.ts';
import { cpuCores } from '../statistics/cpuCores.ts';
import { type Quantity, rangeOf } from './range.ts';
import { measuredPayload } from './traffic.ts';

/** What serving one option's traffic is made of; null: no usable run measured it. */
export interface Measured {
  /** What the server is asked for again and again: a delivery, or a poll of a client that asks on an interval. */
  readonly unit: 'delivery' | 'poll';
  /** Between two polls of a client, seconds; 0: it is pushed to, or its requests are held. */
  readonly pollIntervalSeconds: number;
  /** CPU of the servers for one unit, microseconds, without ingest where that could be told apart. */
  readonly cpu: Quantity | null;
  /** CPU of the server for one publish, microseconds; null: it is in `cpu`. */
  readonly publishCpu: Quantity | null;
  /** CPU of the bus for one delivery, microseconds; null: there is none, or it was not seen. */
  readonly busCpu: Quantity | null;
  /** Share of the units that carry a message: 1, or that of the polls that found something new. */
  readonly carryingShare: number;
  /** Bytes sent to clients for one unit, at the payload that was measured. */
  readonly wire: Quantity | null;
  /** Bytes of a message in the runs; null: not told. */
  readonly payloadBytes: number | null;
  /** Resident memory of the server for one connection, bytes. */
  readonly memory: Quantity | null;
  /** Memory of the kernel for one connection, the server's end, bytes. */
  readonly kernel: Quantity | null;
  /** Resident memory of one server process at its peak, less that of its connections, bytes. */
  readonly base: Quantity | null;
  /** Resident memory of the bus process, bytes; null: there is none. */
  readonly busMemory: Quantity | null;
  /** Connections that one process accepted per second. */
  readonly connects: Quantity | null;
  /** Each process takes every publish; else one takes it, and a bus carries it to the others. */
  readonly everyProcessTakesPublishes: boolean;
  /** A bus that the user gave and that runs elsewhere: its part was not seen. */
  readonly hasUnseenBus: boolean;
}

/** A figure that only a decision record needs, in the shape that estimates are made of. */
type Own = Pick<ComparisonMetric, 'id' | 'label' | 'unit' | 'family' | 'better' | 'of' | 'format'>;
const own = (metric: Own): ComparisonMetric => ({ ...metric, definition: null });

/** Bytes that clients read for one delivery: what leaves the server, TCP and IP not counted. */
const SENT = own({
  id: 'sent',
  label: 'bytes sent per delivery',
  unit: 'bytes',
  family: 'throughput',
  better: 'lower',
  of: shared(({ wire }) => wire.bytesReadPerDelivery),
  format: formatBytes,
});

const CPU_PER_POLL = own({
  id: 'cpuPerPoll',
  label: 'server CPU per poll',
  unit: 'us',
  family: 'throughput',
  better: 'lower',
  of: shared(cpuPerPoll),
  format: formatUs,
});

const SENT_PER_POLL = own({
  id: 'sentPerPoll',
  label: 'bytes sent per poll',
  unit: 'bytes',
  family: 'throughput',
  better: 'lower',
  of: shared(({ wire, deliveries, polling }) =>
    wire.bytesReadPerDelivery === null || !deliveries || !polling || polling.sentPerSecond === 0
      ? null
      : (wire.bytesReadPerDelivery * deliveries.perSecond) / polling.sentPerSecond,
  ),
  format: formatBytes,
});

const CONNECTS = own({
  id: 'connectsPerProcess',
  label: 'connects per second and process',
  unit: '1/s',
  family: 'throughput',
  better: 'higher',
  of: shared(({ connections, plan }) =>
    connections.perSecond === null ? null : connections.perSecond / Math.max(1, plan.serverNodes),
  ),
  format: formatRate,
});

const BUS_MEMORY = own({
  id: 'busMemory',
  label: 'memory of the bus',
  unit: 'bytes',
  family: 'memory',
  better: 'lower',
  of: shared(({ bus }) => bus?.brokerRssBytes),
  format: formatBytes,
});

/** A poll costs the same whether or not it finds something: CPU of the servers over the polls, the publishes taken off. */
function cpuPerPoll({ cpu, polling, publish }: Run): number | null {
  const cores = cpuCores(cpu.server);
  if (cores === null || !polling || polling.sentPerSecond === 0) return null;
  const ingest = (cpu.server.usPerPublish ?? 0) * (publish?.achievedPerSecond ?? 0);
  const us = (cores * 1e6 - ingest) / polling.sentPerSecond;
  return us < 0 ? null : us;
}

function baseMemory(perConnectionBytes: number): ComparisonMetric {
  return own({
    id: 'baseMemory',
    label: 'memory of a server process without its connections',
    unit: 'bytes',
    family: 'memory',
    better: 'lower',
    of: shared(({ memory: { server }, connections, plan }) =>
      server.peakRssBytes === null
        ? null
        : Math.max(0, server.peakRssBytes - perConnectionBytes * connections.established) /
          Math.max(1, plan.serverNodes),
    ),
    format: formatBytes,
  });
}

/** What the runs of one option say about the cost of serving. */
export function measuredOf(group: ServerGroup): Measured {
  const polls = isIntervalPolled(group);
  const read = (metric: ComparisonMetric, path: string) => quantityOf(group, metric, path);
  const apart = polls
    ? read(CPU_PER_POLL, '(CPU of the servers − publishes × cpu.server.usPerPublish) / polling.sentPerSecond')
    : read(METRIC.deliveryCpu, 'cpu.server.usPerDelivery');
  const publishCpu = read(METRIC.publishCpu, 'cpu.server.usPerPublish');
  const isApart = apart !== null && publishCpu !== null;
  const memory = read(METRIC.memory, 'memory.server.rssPerConnectionBytes');
  const bus = read(METRIC.brokerCpu, 'cpu.broker.usPerDelivery');
  return {
    unit: polls ? 'poll' : 'delivery',
    pollIntervalSeconds: polls ? pollIntervalUs(group) / 1e6 : 0,
    carryingShare: polls ? 1 - (figureOf(group, METRIC.wasted)?.estimate.value ?? 0) : 1,
    payloadBytes: measuredPayload(group),
    // Where ingest could not be told apart, it is in the whole, which counts the bus as well.
    cpu:
      isApart || polls ? apart : read(METRIC.cpu, '(CPU of the servers and the bus) / deliveries.perSecond'),
    publishCpu: isApart ? publishCpu : null,
    busCpu: isApart || polls ? bus : null,
    wire: polls
      ? read(SENT_PER_POLL, 'wire.bytesReadPerDelivery × deliveries.perSecond / polling.sentPerSecond')
      : read(SENT, 'wire.bytesReadPerDelivery'),
    memory,
    kernel: halved(read(METRIC.kernel, 'memory.kernelPerConnectionBytes / 2')),
    base:
      memory &&
      read(
        baseMemory(memory.range.value),
        '(memory.server.peakRssBytes − memory.server.rssPerConnectionBytes × connections.established) / plan.serverNodes',
      ),
    busMemory: read(BUS_MEMORY, 'bus.brokerRssBytes'),
    connects: read(CONNECTS, 'connections.perSecond / plan.serverNodes'),
    everyProcessTakesPublishes: group.look.run.plan.publishTo === 'every-node',
    hasUnseenBus: group.runs.some((run) => run.bus?.isGiven === true),
  };
}

/** A figure of the option with the runs behind it; null where none measured it. */
export function quantityOf(group: ServerGroup, metric: ComparisonMetric, path: string): Quantity | null {
  const figure = figureOf(group, metric);
  if (figure === null) return null;
  const runs = usableRuns(
    group.runs.filter((run) => metric.of(run) !== null),
    metric.family,
  );
  return { range: rangeOf(figure), verdict: figure.verdict, path, runs: runs.map(({ order }) => order) };
}

/** Of the two sockets of a loopback connection one is the client's. */
function halved(quantity: Quantity | null): Quantity | null {
  if (quantity === null) return null;
  const { low, value, high, hasInterval } = quantity.range;
  return { ...quantity, range: { low: low / 2, value: value / 2, high: high / 2, hasInterval } };
}
