import type { WsArticleRow } from '../../../contract/result.ts';
import { jitterFinding } from '../../jitterFinding.ts';
import { formatBytes, formatCount, formatShare, formatUs, orMissing } from '../../numbers.ts';
import { type Html, html } from '../escape.ts';
import { chartFigure, section } from '../figureSection.ts';
import { cell, term } from '../table.ts';
import type { ReportView } from '../view.ts';

/** Memory over time at growing numbers of connections, held against the claim that it jitters above a number of them. */
export function articleWsSection(view: ReportView): Html | null {
  const rows = view.runs.flatMap(({ run }) => (run.articleWs ? [run.articleWs] : []));
  if (rows.length === 0) return null;
  return section('Does memory jitter with many connections?', [
    html`${rows.map(finding)}`,
    chartFigure(view, 'ws-memory', 'memory-jitter'),
    table(rows),
    html`<p class="quiet">Claim: the memory of a single node jitters above ${formatCount(rows[0]?.claimAboveConnections ?? 0)} connections; the article gives neither a measure of it nor a figure. Ours is the standard deviation of resident memory about its linear trend over its mean, sampled every half second under a steady broadcast, each number of connections on a fresh server, garbage collected whenever V8 chose.</p>`,
  ]);
}

function finding(row: WsArticleRow): Html | null {
  const found = jitterFinding(row);
  if (!found) return null;
  const verdict = found.rises ? 'is larger' : 'is not clearly larger';
  return html`<p><code>${row.variant}</code>: jitter <strong>${verdict}</strong> above ${formatCount(row.claimAboveConnections)} connections (${formatShare(found.above)}, median of the levels) than up to there (${formatShare(found.upTo)}).</p>`;
}

const TITLES = [
  ['connections', 'connections'],
  ['mean RSS', 'memory-load'],
  ['jitter', 'memory-jitter'],
  ['range', 'memory-jitter'],
  ['longest GC pause', 'gc'],
] as const;

function table(rows: readonly WsArticleRow[]): Html {
  const head = TITLES.map(([title, definition]) => html`<th scope="col">${term(title, definition)}</th>`);
  const body = rows.map(({ variant, levels }) =>
    levels.map(({ connections, meanBytes, jitter, rangeBytes, gcPauseMaxMs }, i) => {
      const cells = [
        { text: formatCount(connections) },
        { text: formatBytes(meanBytes), exact: `${meanBytes} bytes` },
        { text: formatShare(jitter), exact: `${jitter}` },
        { text: formatBytes(rangeBytes), exact: `${rangeBytes} bytes` },
        { text: orMissing(gcPauseMaxMs, (ms) => formatUs(ms * 1000), '–') },
      ].map(cell);
      return html`<tr><th scope="row">${i === 0 ? html`<strong>${variant}</strong>` : ''}</th>${cells}</tr>`;
    }),
  );
  return html`<div class="scroll"><table><thead><tr><th scope="col">variant</th>${head}</tr></thead><tbody>${body}</tbody></table></div>`;
}
