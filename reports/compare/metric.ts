import type { Family, Run } from '../../contract/result.ts';
import type { DefinitionId } from '../definitions.ts';
import { formatCount, formatUs } from '../numbers.ts';
import { type Backing, backingOf } from '../percentiles.ts';
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
  /** Of a percentile: what stands behind it. @default not a percentile */
  readonly backing?: (run: Run) => Backing | null | undefined;
  readonly format: (value: number) => string;
}

const MB = 1_000_000;

/** Figures under the load that all servers shared: those of a search for a ceiling were measured under another. */
export const shared = (of: (run: Run) => number | null | undefined) => (run: Run) =>
  isSearch(run) ? null : (of(run) ?? null);

/** A run that saturated the server instead of giving it the load that all share. */
export function isSearch({ procedure, ceiling, closedLoop }: Run): boolean {
  return procedure === 'ceiling' || ceiling !== null || closedLoop !== null;
}

export function latency(key: 'p50' | 'p95' | 'p99'): ComparisonMetric {
  return {
    id: key,
    label: `delivery latency, ${key}`,
    definition: 'delivery-latency',
    unit: 'us',
    family: 'latency',
    better: 'lower',
    // Not defined is later than any bound: without such a run the median would be that of the good ones.
    of: shared(({ latencyUs }) => latencyUs && (latencyUs.delivery[key] ?? Number.POSITIVE_INFINITY)),
    backing: ({ latencyUs }) => latencyUs && backingOf(latencyUs.delivery, key),
    format: formatUs,
  };
}

export function echo(key: 'p50' | 'p99'): ComparisonMetric {
  return {
    id: `echo-${key}`,
    label: `echo latency, ${key}`,
    definition: 'echo',
    unit: 'us',
    family: 'latency',
    better: 'lower',
    of: shared(({ chat }) => chat && (chat.echoUs[key] ?? Number.POSITIVE_INFINITY)),
    backing: ({ chat }) => chat && backingOf(chat.echoUs, key),
    format: formatUs,
  };
}

export function ledger(key: 'lost' | 'duplicated' | 'reordered'): ComparisonMetric {
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
export function wholeCpuPerDelivery({ cpu, deliveries, bus }: Run): number | null {
  if (bus?.isGiven) return null;
  if (deliveries === null || deliveries.perSecond === 0 || cpu.server.usPerDelivery === null) return null;
  const server = cpuCores(cpu.server);
  const broker = cpu.broker === null ? 0 : cpuCores(cpu.broker);
  if (server === null || broker === null) return null;
  return ((server + broker) * 1e6) / deliveries.perSecond;
}
