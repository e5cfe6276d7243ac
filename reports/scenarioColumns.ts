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
import type { SummaryColumn } from './summaryColumns.ts';

const or = (value: number | null | undefined, format: (value: number) => string) =>
  orMissing(value, format, '-');

const clients: SummaryColumn = { title: 'clients', cell: (run) => formatCount(run.connections.established) };
const verdict: SummaryColumn = { title: 'verdict', cell: (run) => run.validity.verdict };
const lost: SummaryColumn = { title: 'lost', cell: (run) => or(run.deliveries?.lost, formatCount) };
const twice: SummaryColumn = { title: 'twice', cell: (run) => or(run.deliveries?.duplicated, formatCount) };
const milliseconds = (ms: number) => formatUs(ms * 1000);

const FAULT: readonly SummaryColumn[] = [
  { title: 'hit', cell: ({ fault }) => or(fault?.connectionsHit, formatCount) },
  { title: 'back', cell: ({ fault }) => or(fault?.connectionsBack, formatCount) },
  { title: 'recovered', cell: ({ fault }) => (fault ? or(fault.recoveredMs, milliseconds) : '-') },
  lost,
  twice,
  { title: 'reconnect p99', cell: ({ fault }) => or(fault?.reconnectUs.p99, formatUs) },
  { title: 'p99 before', cell: ({ fault }) => or(fault?.before.p99, formatUs) },
  { title: 'after', cell: ({ fault }) => or(fault?.after.p99, formatUs) },
  verdict,
];

const ROLLING: readonly SummaryColumn[] = [
  { title: 'instances', cell: ({ rolling }) => or(rolling?.instances.length, formatCount) },
  { title: 'moved', cell: ({ rolling }) => or(rolling?.moved, formatCount) },
  lost,
  twice,
  { title: 'failed calls', cell: ({ rolling }) => or(rolling?.callsFailed, formatCount) },
  { title: 'again', cell: ({ rolling }) => or(rolling?.callsRetried, formatCount) },
  { title: 'away p99', cell: ({ fault }) => or(fault?.reconnectUs.p99, formatUs) },
  { title: 'p99 before', cell: ({ fault }) => or(fault?.before.p99, formatUs) },
  { title: 'after', cell: ({ fault }) => or(fault?.after.p99, formatUs) },
  verdict,
];

const POLL: readonly SummaryColumn[] = [
  clients,
  { title: 'polls', cell: ({ polling }) => or(polling?.sentPerSecond, formatRate) },
  { title: 'wasted', cell: ({ polling }) => or(polling?.wastedRatio, formatShare) },
  { title: 'reuse', cell: ({ polling }) => or(polling?.connectionReuseRatio, formatShare) },
  { title: 'round trip p99', cell: ({ polling }) => or(polling?.roundTripUs.p99, formatUs) },
  { title: 'delivery p50', cell: (run) => or(run.latencyUs?.delivery.p50, formatUs) },
  { title: 'p99', cell: (run) => or(run.latencyUs?.delivery.p99, formatUs) },
  lost,
  verdict,
];

const BUS: readonly SummaryColumn[] = [
  clients,
  { title: 'deliveries', cell: (run) => or(run.deliveries?.perSecond, formatRate) },
  { title: 'p50', cell: (run) => or(run.latencyUs?.delivery.p50, formatUs) },
  { title: 'p99', cell: (run) => or(run.latencyUs?.delivery.p99, formatUs) },
  { title: 'hop p50', cell: ({ bus }) => or(bus?.hopUs.p50, formatUs) },
  { title: 'p99', cell: ({ bus }) => or(bus?.hopUs.p99, formatUs) },
  lost,
  { title: 'by bus', cell: ({ bus }) => or(bus?.lost, formatCount) },
  verdict,
];

const ARTICLE_POLL: readonly SummaryColumn[] = [
  { title: 'round trip', cell: ({ articlePoll }) => or(articlePoll?.meanRoundTripUs, formatUs) },
  { title: 'claim', cell: ({ articlePoll }) => or(articlePoll?.claim?.meanDelayMs, milliseconds) },
  { title: 'reuse', cell: ({ articlePoll }) => or(articlePoll?.connectionReuseRatio, formatShare) },
  { title: 'CPU peak', cell: ({ articlePoll }) => or(articlePoll?.cpuPeakCores, formatShare) },
  { title: 'claim', cell: ({ articlePoll }) => or(articlePoll?.claim?.cpuPeakShare, formatShare) },
  { title: 'empty', cell: ({ articlePoll }) => or(articlePoll?.emptyRatio, formatShare) },
  { title: 'claim', cell: emptyClaim },
  {
    title: 'exponent',
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
      cell: (run: Run) =>
        or(levelsOf(run).find((level) => level.connections === connections)?.jitter, formatShare),
    }));
  const memory = { title: 'RSS', cell: (run: Run) => or(levelsOf(run).at(-1)?.meanBytes, formatBytes) };
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
