import type { Run, WsArticleRow } from '../contract/result.ts';
import {
  formatBytes,
  formatCount,
  formatRate,
  formatShare,
  formatUs,
  orMissing,
  significant,
} from './numbers.ts';
import { percentileColumn, phaseStats } from './percentileColumn.ts';
import type { SummaryColumn } from './summaryColumns.ts';

const or = (value: number | null | undefined, format: (value: number) => string) =>
  orMissing(value, format, '-');

const clients: SummaryColumn = {
  title: 'clients',
  definition: 'connections',
  cell: (run) => formatCount(run.connections.established),
};
const verdict: SummaryColumn = {
  title: 'verdict',
  definition: 'validity',
  cell: (run) => run.validity.verdict,
};
const lost: SummaryColumn = {
  title: 'lost',
  definition: 'ledger',
  cell: (run) => or(run.deliveries?.lost, formatCount),
};
const twice: SummaryColumn = {
  title: 'twice',
  definition: 'ledger',
  cell: (run) => or(run.deliveries?.duplicated, formatCount),
};
const milliseconds = (ms: number) => formatUs(ms * 1000);

const FAULT: readonly SummaryColumn[] = [
  { title: 'hit', definition: 'fault', cell: ({ fault }) => or(fault?.connectionsHit, formatCount) },
  { title: 'back', definition: 'recovery', cell: ({ fault }) => or(fault?.connectionsBack, formatCount) },
  {
    title: 'recovered',
    definition: 'recovery',
    cell: ({ fault }) => (fault ? or(fault.recoveredMs, milliseconds) : '-'),
  },
  lost,
  twice,
  percentileColumn('reconnect p99', {
    definition: 'recovery',
    key: 'p99',
    of: ({ fault }) => fault?.reconnectUs,
  }),
  percentileColumn('p99 before', { definition: 'fault', key: 'p99', of: phaseStats('before') }),
  percentileColumn('after', { definition: 'fault', key: 'p99', of: phaseStats('after') }),
  verdict,
];

const ROLLING: readonly SummaryColumn[] = [
  {
    title: 'instances',
    definition: 'rolling-restart',
    cell: ({ rolling }) => or(rolling?.instances.length, formatCount),
  },
  { title: 'moved', definition: 'rolling-restart', cell: ({ rolling }) => or(rolling?.moved, formatCount) },
  lost,
  twice,
  {
    title: 'failed calls',
    definition: 'rolling-restart',
    cell: ({ rolling }) => or(rolling?.callsFailed, formatCount),
  },
  {
    title: 'again',
    definition: 'rolling-restart',
    cell: ({ rolling }) => or(rolling?.callsRetried, formatCount),
  },
  percentileColumn('away p99', { definition: 'recovery', key: 'p99', of: ({ fault }) => fault?.reconnectUs }),
  percentileColumn('p99 before', { definition: 'fault', key: 'p99', of: phaseStats('before') }),
  percentileColumn('after', { definition: 'fault', key: 'p99', of: phaseStats('after') }),
  verdict,
];

const POLL: readonly SummaryColumn[] = [
  clients,
  {
    title: 'polls',
    definition: 'poll-schedule',
    cell: ({ polling }) => or(polling?.sentPerSecond, formatRate),
  },
  {
    title: 'wasted',
    definition: 'wasted-polls',
    cell: ({ polling }) => or(polling?.wastedRatio, formatShare),
  },
  {
    title: 'reuse',
    definition: 'connection-reuse',
    cell: ({ polling }) => or(polling?.connectionReuseRatio, formatShare),
  },
  percentileColumn('round trip p99', {
    definition: 'poll-round-trip',
    key: 'p99',
    of: ({ polling }) => polling?.roundTripUs,
  }),
  percentileColumn('delivery p50', {
    definition: 'poll-latency',
    key: 'p50',
    of: (run) => run.latencyUs?.delivery,
  }),
  percentileColumn('p99', { definition: 'poll-latency', key: 'p99', of: (run) => run.latencyUs?.delivery }),
  lost,
  verdict,
];

const BUS: readonly SummaryColumn[] = [
  clients,
  {
    title: 'deliveries',
    definition: 'deliveries-per-second',
    cell: (run) => or(run.deliveries?.perSecond, formatRate),
  },
  percentileColumn('p50', {
    definition: 'delivery-latency',
    key: 'p50',
    of: (run) => run.latencyUs?.delivery,
  }),
  percentileColumn('p99', {
    definition: 'delivery-latency',
    key: 'p99',
    of: (run) => run.latencyUs?.delivery,
  }),
  percentileColumn('hop p50', { definition: 'bus-hop', key: 'p50', of: ({ bus }) => bus?.hopUs }),
  percentileColumn('p99', { definition: 'bus-hop', key: 'p99', of: ({ bus }) => bus?.hopUs }),
  lost,
  { title: 'by bus', definition: 'bus-loss', cell: ({ bus }) => or(bus?.lost, formatCount) },
  verdict,
];

const ARTICLE_POLL: readonly SummaryColumn[] = [
  {
    title: 'round trip',
    definition: 'poll-round-trip',
    cell: ({ articlePoll }) => or(articlePoll?.meanRoundTripUs, formatUs),
  },
  {
    title: 'claim',
    definition: null,
    cell: ({ articlePoll }) => or(articlePoll?.claim?.meanDelayMs, milliseconds),
  },
  {
    title: 'reuse',
    definition: 'connection-reuse',
    cell: ({ articlePoll }) => or(articlePoll?.connectionReuseRatio, formatShare),
  },
  {
    title: 'CPU peak',
    definition: 'cpu-per-delivery',
    cell: ({ articlePoll }) => or(articlePoll?.cpuPeakCores, formatShare),
  },
  {
    title: 'claim',
    definition: null,
    cell: ({ articlePoll }) => or(articlePoll?.claim?.cpuPeakShare, formatShare),
  },
  {
    title: 'empty',
    definition: 'wasted-polls',
    cell: ({ articlePoll }) => or(articlePoll?.emptyRatio, formatShare),
  },
  { title: 'claim', definition: null, cell: emptyClaim },
  {
    title: 'exponent',
    definition: 'cpu-exponent',
    cell: ({ articlePoll }) => or(articlePoll?.exponent?.value, (value) => value.toFixed(2)),
  },
  verdict,
];

function emptyClaim({ articlePoll }: Run): string {
  const claim = articlePoll?.claim;
  return claim ? `${significant(claim.emptyLow * 100)}-${formatShare(claim.emptyHigh)}` : '-';
}

/** Jitter at each number of connections that any of the runs was measured at. */
function articleWsColumns(runs: readonly Run[]): readonly SummaryColumn[] {
  const levelsOf = (run: Run): WsArticleRow['levels'] => run.articleWs?.levels ?? [];
  const numbers = new Set(runs.flatMap((run) => levelsOf(run).map(({ connections }) => connections)));
  const columns = [...numbers]
    .sort((a, b) => a - b)
    .map((connections) => ({
      title: `jitter ${connections < 1_000 ? connections : `${significant(connections / 1_000)}k`}`,
      definition: 'memory-jitter' as const,
      cell: (run: Run) =>
        or(levelsOf(run).find((level) => level.connections === connections)?.jitter, formatShare),
    }));
  const memory: SummaryColumn = {
    title: 'RSS',
    definition: 'memory-load',
    cell: (run) => or(levelsOf(run).at(-1)?.meanBytes, formatBytes),
  };
  return [...columns, memory, verdict];
}

/** Columns of what only some scenarios and stages have; null where the runs are of no such kind. */
export function scenarioColumns(runs: readonly Run[]): readonly SummaryColumn[] | null {
  if (runs.some(({ articlePoll }) => articlePoll)) return ARTICLE_POLL;
  if (runs.some(({ articleWs }) => articleWs)) return articleWsColumns(runs);
  if (runs.some(({ rolling }) => rolling)) return ROLLING;
  if (runs.some(({ fault }) => fault)) return FAULT;
  if (runs.length > 0 && runs.every(({ polling }) => polling)) return POLL;
  if (runs.length > 0 && runs.every(({ bus }) => bus)) return BUS;
  return null;
}
