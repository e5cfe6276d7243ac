import type { Run } from '../contract/result.ts';
import { formatBytes, formatCount, formatRate, formatUs, orMissing, significant } from './numbers.ts';
import { quotable } from './percentiles.ts';
import { perSubscriber } from './runShape.ts';
import { scenarioColumns } from './scenarioColumns.ts';

/** One column of the summary table that the terminal and the Markdown report share; a row is a run. */
export interface SummaryColumn {
  readonly title: string;
  readonly cell: (run: Run) => string;
}

const NONE = '-';
const or = (value: number | null | undefined, format: (value: number) => string) =>
  orMissing(value, format, NONE);

const clients: SummaryColumn = { title: 'clients', cell: (run) => formatCount(run.connections.established) };
const verdict: SummaryColumn = {
  title: 'verdict',
  cell: ({ status, validity }) => (status === 'aborted' ? status : validity.verdict),
};
const lost: SummaryColumn = { title: 'lost', cell: (run) => or(run.deliveries?.lost, formatCount) };
const p50: SummaryColumn = { title: 'p50', cell: (run) => or(run.latencyUs?.delivery.p50, formatUs) };
const serverRss: SummaryColumn = {
  title: 'RSS/conn',
  cell: (run) => or(run.memory.server.rssPerConnectionBytes, formatBytes),
};

const LOAD: readonly SummaryColumn[] = [
  clients,
  { title: 'deliveries', cell: (run) => or(run.deliveries?.perSecond, formatRate) },
  p50,
  { title: 'p99', cell: p99Cell },
  lost,
  { title: 'twice', cell: (run) => or(run.deliveries?.duplicated, formatCount) },
  serverRss,
  { title: 'CPU/delivery', cell: (run) => or(run.cpu.server.usPerDelivery, formatUs) },
  verdict,
];

const IDLE: readonly SummaryColumn[] = [
  clients,
  { title: 'connects', cell: (run) => or(run.connections.perSecond, formatRate) },
  { title: 'handshake p95', cell: (run) => or(run.handshakeUs?.p95, formatUs) },
  { title: 'server/conn', cell: serverRss.cell },
  { title: 'client/conn', cell: (run) => or(run.memory.generator.rssPerConnectionBytes, formatBytes) },
  { title: 'kernel/conn', cell: (run) => or(run.memory.kernelPerConnectionBytes, formatBytes) },
  { title: 'machine', cell: (run) => or(run.memory.machineBytes, formatBytes) },
  verdict,
];

const CEILING: readonly SummaryColumn[] = [
  clients,
  { title: 'publishes', cell: (run) => or(run.ceiling?.ratePerSecond, formatRate) },
  { title: 'deliveries', cell: (run) => or(run.ceiling?.deliveriesPerSecond, formatRate) },
  { title: 'objective', cell: (run) => or(run.ceiling?.sloUs, formatUs) },
  { title: 'CPU/delivery', cell: (run) => or(run.cpu.server.usPerDelivery, formatUs) },
  verdict,
];

const ARTICLE: readonly SummaryColumn[] = [
  { title: 'QPS', cell: (run) => or(run.article?.qps, significant) },
  { title: 'claim', cell: (run) => or(run.article?.claim?.qps, significant) },
  { title: 'p95', cell: (run) => or(run.article?.p95Us, formatUs) },
  { title: 'claim', cell: (run) => or(run.article?.claim?.p95Ms, (ms) => formatUs(ms * 1000)) },
  {
    title: 'RSS/conn',
    cell: (run) => or(run.article?.rssUnderLoadPerConnectionBytes, formatBytes),
  },
  { title: 'claim', cell: (run) => or(run.article?.claim?.rssPerConnectionMb, (mb) => `${mb} MB`) },
  { title: 'GC ms/s', cell: (run) => or(run.article?.gcPauseMsPerSecond, significant) },
  { title: 'held', cell: (run) => or(run.article?.churnHeldRatio, significant) },
  verdict,
];

/** The columns that tell what these runs were made for. */
export function summaryColumns(runs: readonly Run[]): readonly SummaryColumn[] {
  return columnsFor(runs).map(({ title, cell }) => ({ title: perSubscriber(title, runs), cell }));
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
