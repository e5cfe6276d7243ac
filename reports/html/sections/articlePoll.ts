import type { PollArticleRow } from '../../../contract/result.ts';
import type { DefinitionId } from '../../definitions.ts';
import { formatRate, formatShare, formatUs, orMissing, significant } from '../../numbers.ts';
import { type Html, html } from '../escape.ts';
import { chartFigure, section } from '../figureSection.ts';
import { term } from '../table.ts';
import type { ReportView } from '../view.ts';

interface Column {
  readonly title: string;
  readonly definition: DefinitionId;
  readonly ours: (row: PollArticleRow) => string;
  /** What the article claims; null where it says nothing of the kind. */
  readonly claim: ((claim: NonNullable<PollArticleRow['claim']>) => string) | null;
}

const or = (value: number | null, format: (value: number) => string) => orMissing(value, format, '–');
const coreShare = (cores: number) => `${formatShare(cores)} of a core`;

const COLUMNS: readonly Column[] = [
  {
    title: 'polls',
    definition: 'poll-schedule',
    ours: ({ pollsPerSecond }) => formatRate(pollsPerSecond),
    claim: () => formatRate(500),
  },
  {
    title: 'mean round trip',
    definition: 'poll-round-trip',
    ours: ({ meanRoundTripUs }) => or(meanRoundTripUs, formatUs),
    claim: ({ meanDelayMs }) => formatUs(meanDelayMs * 1000),
  },
  {
    title: 'mean delivery',
    definition: 'poll-latency',
    ours: ({ meanDeliveryUs }) => or(meanDeliveryUs, formatUs),
    claim: null,
  },
  {
    title: 'connection reuse',
    definition: 'connection-reuse',
    ours: ({ connectionReuseRatio }) => or(connectionReuseRatio, formatShare),
    claim: ({ reuseRatio }) => formatShare(reuseRatio),
  },
  {
    title: 'CPU peak',
    definition: 'cpu-per-delivery',
    ours: ({ cpuPeakCores }) => or(cpuPeakCores, coreShare),
    claim: ({ cpuPeakShare }) => formatShare(cpuPeakShare),
  },
  {
    title: 'empty polls',
    definition: 'wasted-polls',
    ours: ({ emptyRatio }) => or(emptyRatio, formatShare),
    claim: ({ emptyLow, emptyHigh }) => `${significant(emptyLow * 100)} to ${formatShare(emptyHigh)}`,
  },
  {
    title: 'events / interval',
    definition: 'wasted-polls',
    ours: ({ eventsPerPollInterval }) => or(eventsPerPollInterval, significant),
    claim: null,
  },
  {
    title: 'exponent of CPU',
    definition: 'cpu-exponent',
    ours: ({ exponent }) => (exponent ? exponentText(exponent) : '–'),
    claim: () => significant(2),
  },
];

function exponentText({ value, low, high }: NonNullable<PollArticleRow['exponent']>): string {
  return `${value.toFixed(2)} (${low.toFixed(2)} to ${high.toFixed(2)})`;
}

/** The article's table of polling with ours beside its claims, and the sweep that its square is held against. */
export function articlePollSection(view: ReportView): Html | null {
  const rows = view.runs.flatMap(({ run }) => (run.articlePoll ? [run.articlePoll] : []));
  if (rows.length === 0) return null;
  const cores = view.runs[0]?.run.cpu.cores ?? 0;
  return section('The article’s table of polling, measured here', [
    table(rows),
    delayNote(rows),
    squareFinding(rows),
    chartFigure(view, 'poll-sweep', 'cpu-exponent'),
    html`<p class="quiet">Claims: 500 polls per second, 16 cores, 32 GB, Linux 6.1, Go; delay put down to TCP and TLS handshakes. Here: plain HTTP on loopback, without TLS, ${cores} cores shared by server and generator. The CPU peak is the highest second of the window.</p>`,
  ]);
}

function table(rows: readonly PollArticleRow[]): Html {
  const head = COLUMNS.map(({ title, definition }) => html`<th scope="col">${term(title, definition)}</th>`);
  const body = rows.map((row) => html`${oursRow(row)}${claimRow(row)}`);
  return html`<div class="scroll"><table><thead><tr><th scope="col">variant</th>${head}</tr></thead><tbody>${body}</tbody></table></div>`;
}

function oursRow(row: PollArticleRow): Html {
  const cells = COLUMNS.map(({ ours }) => html`<td class="figure">${ours(row)}</td>`);
  return html`<tr><th scope="row"><strong>${row.variant}</strong></th>${cells}</tr>`;
}

function claimRow({ claim }: PollArticleRow): Html | null {
  if (!claim) return null;
  const cells = COLUMNS.map(({ claim: of }) => html`<td class="figure claim">${of ? of(claim) : ''}</td>`);
  return html`<tr><td class="claim">claimed</td>${cells}</tr>`;
}

/** The article does not say what its delay is of: said, so that neither of ours is taken for it. */
function delayNote(rows: readonly PollArticleRow[]): Html | null {
  const claimed = rows.find(({ claim }) => claim !== null);
  if (!claimed?.claim || claimed.meanRoundTripUs === null) return null;
  const factor = (claimed.claim.meanDelayMs * 1000) / claimed.meanRoundTripUs;
  const variant = html`<code>${claimed.variant}</code>`;
  const compared =
    factor >= 1
      ? html`The claimed delay is ${significant(factor, 2)} times our mean round trip of ${variant}`
      : html`Our mean round trip is ${significant(1 / factor, 2)} times the claimed delay for ${variant}`;
  return html`<p>${compared}, which makes a connection for each poll but has no TLS handshake and no network in it. The article does not say whether its delay is that of a request or of a message; a message waits for the next poll as well, which our mean delivery includes.</p>`;
}

function squareFinding(rows: readonly PollArticleRow[]): Html | null {
  const fitted = rows.flatMap(({ variant, exponent }) => (exponent ? [{ variant, exponent }] : []));
  if (fitted.length === 0) return null;
  const squares = fitted.filter(
    ({ exponent }) => exponent.low <= exponent.claim && exponent.high >= exponent.claim,
  );
  const names = fitted.map(({ variant, exponent }) => `${variant} ${exponentText(exponent)}`).join(', ');
  const verdict =
    squares.length === fitted.length
      ? html`the claimed square <strong>is not ruled out</strong>`
      : squares.length === 0
        ? html`the claimed square <strong>is not reproduced</strong>`
        : html`the claimed square <strong>is ruled out for all but</strong> ${squares.map(({ variant }) => variant).join(', ')}`;
  const held = rows.filter(({ sweep }) => sweep.length === 0).map(({ variant }) => variant);
  const heldNote =
    held.length === 0
      ? ''
      : ` A sweep over polls per second makes no sense for ${held.join(', ')}: the server decides when it answers.`;
  return html`<p>Server CPU grows with polls per second to the power of ${names}: ${verdict}.${heldNote}</p>`;
}
