import type { Run } from '../contract/result.ts';
import type { DefinitionId } from './definitions.ts';
import { formatBytes, formatCount, formatRate, formatUs, orMissing, significant } from './numbers.ts';
import { percentileColumn } from './percentileColumn.ts';
import { type Backing, quotable } from './percentiles.ts';
import { perSubscriber } from './runShape.ts';
import { scenarioColumns } from './scenarioColumns.ts';

/** One column of the summary table that the terminal and the Markdown report share; a row is a run. */
export interface SummaryColumn {
  readonly title: string;
  /** null: what others claim, or a word. */
  readonly definition: DefinitionId | null;
  readonly cell: (run: Run) => string;
  /** Of a percentile: how many messages stand behind it, where it is shown. @default not a percentile */
  readonly backing?: (run: Run) => Backing | null | undefined;
}

const NONE = '-';
const or = (value: number | null | undefined, format: (value: number) => string) =>
  orMissing(value, format, NONE);

const clients: SummaryColumn = {
  title: 'clients',
  definition: 'connections',
  cell: (run) => formatCount(run.connections.established),
};
const verdict: SummaryColumn = {
  title: 'verdict',
  definition: 'validity',
  cell: ({ status, validity }) => (status === 'aborted' ? status : validity.verdict),
};
const lost: SummaryColumn = {
  title: 'lost',
  definition: 'ledger',
  cell: (run) => or(run.deliveries?.lost, formatCount),
};
const p50 = percentileColumn('p50', {
  definition: 'delivery-latency',
  key: 'p50',
  of: (run) => run.latencyUs?.delivery,
});
const serverRss: SummaryColumn = {
  title: 'RSS/conn',
  definition: 'memory-slope',
  cell: (run) => or(run.memory.server.rssPerConnectionBytes, formatBytes),
};

const LOAD: readonly SummaryColumn[] = [
  clients,
  {
    title: 'deliveries',
    definition: 'deliveries-per-second',
    cell: (run) => or(run.deliveries?.perSecond, formatRate),
  },
  p50,
  { title: 'p99', definition: 'delivery-latency', cell: p99Cell },
  lost,
  { title: 'twice', definition: 'ledger', cell: (run) => or(run.deliveries?.duplicated, formatCount) },
  serverRss,
  {
    title: 'CPU/delivery',
    definition: 'cpu-per-delivery',
    cell: (run) => or(run.cpu.server.usPerDelivery, formatUs),
  },
  verdict,
];

const IDLE: readonly SummaryColumn[] = [
  clients,
  { title: 'connects', definition: 'connect-rate', cell: (run) => or(run.connections.perSecond, formatRate) },
  percentileColumn('handshake p95', { definition: 'handshake', key: 'p95', of: (run) => run.handshakeUs }),
  { title: 'server/conn', definition: 'memory-slope', cell: serverRss.cell },
  {
    title: 'client/conn',
    definition: 'memory-slope',
    cell: (run) => or(run.memory.generator.rssPerConnectionBytes, formatBytes),
  },
  {
    title: 'kernel/conn',
    definition: 'rulers',
    cell: (run) => or(run.memory.kernelPerConnectionBytes, formatBytes),
  },
  { title: 'machine', definition: 'rulers', cell: (run) => or(run.memory.machineBytes, formatBytes) },
  verdict,
];

const CEILING: readonly SummaryColumn[] = [
  clients,
  { title: 'publishes', definition: 'ceiling', cell: (run) => or(run.ceiling?.ratePerSecond, formatRate) },
  {
    title: 'deliveries',
    definition: 'ceiling',
    cell: (run) => or(run.ceiling?.deliveriesPerSecond, formatRate),
  },
  { title: 'objective', definition: 'ceiling', cell: (run) => or(run.ceiling?.sloUs, formatUs) },
  {
    title: 'CPU/delivery',
    definition: 'cpu-per-delivery',
    cell: (run) => or(run.cpu.server.usPerDelivery, formatUs),
  },
  verdict,
];

const ARTICLE: readonly SummaryColumn[] = [
  { title: 'QPS', definition: 'deliveries-per-second', cell: (run) => or(run.article?.qps, significant) },
  { title: 'claim', definition: null, cell: (run) => or(run.article?.claim?.qps, significant) },
  percentileColumn('p95', {
    definition: 'delivery-latency',
    key: 'p95',
    of: ({ article, latencyUs }) =>
      article && { p95: article.p95Us, messages: latencyUs?.delivery.messages ?? 0 },
  }),
  {
    title: 'claim',
    definition: null,
    cell: (run) => or(run.article?.claim?.p95Ms, (ms) => formatUs(ms * 1000)),
  },
  {
    title: 'RSS/conn',
    definition: 'memory-load',
    cell: (run) => or(run.article?.rssUnderLoadPerConnectionBytes, formatBytes),
  },
  {
    title: 'claim',
    definition: null,
    cell: (run) => or(run.article?.claim?.rssPerConnectionMb, (mb) => `${mb} MB`),
  },
  { title: 'GC ms/s', definition: 'gc', cell: (run) => or(run.article?.gcPauseMsPerSecond, significant) },
  { title: 'held', definition: 'churn-held', cell: (run) => or(run.article?.churnHeldRatio, significant) },
  verdict,
];

/** The columns that tell what these runs were made for. */
export function summaryColumns(runs: readonly Run[]): readonly SummaryColumn[] {
  return columnsFor(runs).map((column) => ({ ...column, title: perSubscriber(column.title, runs) }));
}

function columnsFor(runs: readonly Run[]): readonly SummaryColumn[] {
  if (runs.some((run) => run.article)) return ARTICLE;
  const own = scenarioColumns(runs);
  if (own) return own;
  if (runs.some((run) => run.ceiling)) return CEILING;
  return runs.some((run) => run.deliveries) ? LOAD : IDLE;
}

/** p99 where the messages support it, else the percentile they do support, named. */
function p99Cell(run: Run): string {
  const stats = run.latencyUs?.delivery;
  if (!stats) return NONE;
  const percentile = quotable(stats);
  if (!percentile) return NONE;
  const value = orMissing(stats[percentile.key], formatUs, 'not defined');
  return percentile.key === 'p99' ? value : `${percentile.label} ${value}`;
}
