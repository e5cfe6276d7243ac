import type { ArticleRow, Run } from '../../../contract/result.ts';
import { articleOrder, articleRows } from '../../articleOrder.ts';
import type { DefinitionId } from '../../definitions.ts';
import { formatBytes, formatUs, orMissing, significant } from '../../numbers.ts';
import { type Backing, backingNote, backingOf, isBacked } from '../../percentiles.ts';
import { type Html, html } from '../escape.ts';
import { chartFigure, section } from '../figureSection.ts';
import { term } from '../table.ts';
import type { ReportView } from '../view.ts';

interface Column {
  readonly title: string;
  readonly definition: DefinitionId;
  readonly ours: (row: ArticleRow) => string;
  /** Of a percentile: how many messages stand behind it. @default not a percentile */
  readonly backing?: (run: Run) => Backing | null;
  /** What the article claims; null where it says nothing of the kind. */
  readonly claim: ((claim: NonNullable<ArticleRow['claim']>) => string) | null;
}

const or = (value: number | null, format: (value: number) => string) => orMissing(value, format, '–');

const COLUMNS: readonly Column[] = [
  {
    title: 'QPS',
    definition: 'ceiling',
    ours: (row) => or(row.qps, significant),
    claim: (claim) => significant(claim.qps),
  },
  {
    title: 'p95',
    definition: 'delivery-latency',
    ours: (row) => or(row.p95Us, formatUs),
    backing: ({ article, latencyUs }) =>
      article?.p95Us == null ? null : backingOf({ messages: latencyUs?.delivery.messages ?? 0 }, 'p95'),
    claim: (claim) => formatUs(claim.p95Ms * 1000),
  },
  {
    title: 'RSS under load / connection',
    definition: 'memory-load',
    ours: (row) => or(row.rssUnderLoadPerConnectionBytes, formatBytes),
    claim: (claim) => `${significant(claim.rssPerConnectionMb)}\u00a0MB`,
  },
  {
    title: 'RSS slope, idle',
    definition: 'memory-slope',
    ours: (row) => or(row.rssSlopePerConnectionBytes, formatBytes),
    claim: null,
  },
  {
    title: 'ROI = QPS / MB',
    definition: 'roi',
    ours: (row) => or(row.roi, significant),
    claim: (claim) => significant(claim.roi),
  },
  {
    title: 'GC pause',
    definition: 'gc',
    ours: (row) => or(row.gcPauseMsPerSecond, (ms) => `${significant(ms)}\u00a0ms/s`),
    claim: null,
  },
  {
    title: 'allocated / delivery',
    definition: 'gc',
    ours: (row) => or(row.allocatedBytesPerDelivery, formatBytes),
    claim: null,
  },
  {
    title: 'CPU / delivery',
    definition: 'cpu-per-delivery',
    ours: (row) => or(row.cpuUsPerDelivery, formatUs),
    claim: null,
  },
  {
    title: 'held after churn',
    definition: 'churn-held',
    ours: (row) => or(row.churnHeldRatio, (ratio) => `${significant(ratio)} ×`),
    claim: null,
  },
];

/** The article's table with ours beside its claims, and what may be compared. */
export function articleSection(view: ReportView): Html | null {
  const runs = view.runs.map(({ run }) => run);
  const rows = articleRows(runs);
  if (rows.length === 0) return null;
  return section('The article’s table, measured here', [
    table(runs),
    fewMessages(runs),
    orderFinding(rows),
    poolingFinding(rows),
    memoryFinding(rows),
    conditions(runs),
    chartFigure(view, 'article-claims', 'ceiling'),
    chartFigure(view, 'ceiling-steps', 'ceiling'),
  ]);
}

function table(runs: readonly Run[]): Html {
  const head = COLUMNS.map(({ title, definition }) => html`<th scope="col">${term(title, definition)}</th>`);
  const body = runs.map((run) =>
    run.article === null ? null : html`${oursRow(run.article, run)}${claimRow(run.article)}`,
  );
  return html`<div class="scroll"><table><thead><tr><th scope="col">variant</th>${head}</tr></thead><tbody>${body}</tbody></table></div>`;
}

function fewMessages(runs: readonly Run[]): Html | null {
  const note = backingNote(
    'Grey',
    COLUMNS.flatMap(({ backing }) => (backing ? runs.map(backing) : [])),
  );
  return note === null ? null : html`<p class="quiet">${note}</p>`;
}

function oursRow(row: ArticleRow, run: Run): Html {
  const cells = COLUMNS.map(({ ours, backing }) => {
    const behind = backing?.(run) ?? null;
    return html`<td class="figure${behind !== null && !isBacked(behind) ? ' unsupported' : ''}">${ours(row)}</td>`;
  });
  return html`<tr><th scope="row"><strong>${row.variant}</strong></th>${cells}</tr>`;
}

function claimRow({ claim }: ArticleRow): Html | null {
  if (!claim) return null;
  const cells = COLUMNS.map(({ claim: of }) => html`<td class="figure claim">${of ? of(claim) : ''}</td>`);
  return html`<tr><td class="claim">claimed</td>${cells}</tr>`;
}

function orderFinding(rows: readonly ArticleRow[]): Html | null {
  const order = articleOrder(rows);
  if (!order) return null;
  const names = (list: readonly ArticleRow[]) => list.map(({ variant }) => variant).join(' < ');
  if (order.reproduced) {
    return html`<p>The order that the article claims, ${names(order.claimed)}, <strong>is reproduced</strong> here by QPS.</p>`;
  }
  return html`<p>The order that the article claims, ${names(order.claimed)}, <strong>is not reproduced</strong> here: by QPS ours is ${names(order.ours)}, and differences below 10 % are no order. The flame graphs below show where each variant spends its time.</p>`;
}

function poolingFinding(rows: readonly ArticleRow[]): Html | null {
  const pause = (variant: string) => rows.find((row) => row.variant === variant)?.gcPauseMsPerSecond ?? null;
  const [plain, pooled] = [pause('cancellable'), pause('pooled')];
  if (plain === null || pooled === null || plain === 0) return null;
  const change = (1 - pooled / plain) * 100;
  const direction = change >= 0 ? `${significant(change)} % lower` : `${significant(-change)} % higher`;
  return html`<p>The article says that pooled buffers cut GC pause by 73 %. Here <code>pooled</code> pauses ${direction} than <code>cancellable</code> per second of load.</p>`;
}

/** How far its megabytes and our slopes lie apart, so that no one compares the ROI columns. */
function memoryFinding(rows: readonly ArticleRow[]): Html {
  const factors = rows.flatMap(({ claim, rssSlopePerConnectionBytes: bytes }) =>
    claim && bytes !== null && bytes > 0 ? [(claim.rssPerConnectionMb * 1e6) / bytes] : [],
  );
  const measured =
    factors.length === 0
      ? ''
      : `: by the slope, ours are ${significant(Math.min(...factors), 2)} to ${significant(Math.max(...factors), 2)} times smaller for the same variants`;
  return html`<p>Its megabytes per connection and ours differ by up to three orders of magnitude${measured}. It says no more than “under load”; ours under load is the resident memory of the whole server over its connections, the runtime’s own included. The ROI columns, its and ours, are therefore not comparable with each other; within ours they are.</p>`;
}

function conditions(runs: readonly Run[]): Html {
  const [first] = runs;
  const cores = first?.cpu.cores ?? 0;
  return html`<p class="quiet">Claims: 16 cores, 32 GB, Linux 6.1, Go; 500 connections, 1 KB messages. Here: ${cores} cores shared by server and generator, ${first?.connections.established ?? 0} connections; each variant at the highest rate that keeps the objective.</p>`;
}
