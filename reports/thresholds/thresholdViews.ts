import { type Html, html } from '../html/escape.ts';
import { plainNumbers } from '../numbers.ts';
import { printable, wrap } from '../textLayout.ts';
import { type ThresholdRow, type ThresholdTable, thresholdTable } from './thresholdTable.ts';

type Sources = Parameters<typeof thresholdTable>[0];

const MARK = { held: '✓', missed: '✗' } as const;

function markOf({ passed }: ThresholdRow): string {
  return passed ? MARK.held : MARK.missed;
}

/** A line for each threshold, at most `width` columns; '' where there are none. */
export function thresholdText(sources: Sources, width: number): string {
  const table = thresholdTable(sources);
  if (table === null) return '';
  const texts = Math.max(...table.rows.map(({ text }) => text.length));
  const lines = table.rows.map((row) => {
    const [first = '', ...rest] = wrap(said(row), Math.max(20, width - texts - 4)).split('\n');
    const indent = ' '.repeat(texts + 4);
    return [
      `${markOf(row)} ${printable(row.text).padEnd(texts)}  ${first}`,
      ...rest.map((line) => indent + line),
    ];
  });
  return [`${table.title}:`, ...lines.flat()].join('\n');
}

function said({ figure, trust }: ThresholdRow): string {
  return printable(plainNumbers(trust ? `${figure} (${trust})` : figure));
}

/** A section of a page; null where there are no thresholds. */
export function thresholdSection(sources: Sources): Html | null {
  const table = thresholdTable(sources);
  if (table === null) return null;
  const rows = table.rows.map(
    (row) =>
      html`<tr><td class="text"><span class="verdict ${row.passed ? 'VALID' : 'INVALID'}">${row.passed ? 'holds' : 'does not hold'}</span></td><td class="text"><code>${row.text}</code></td><td class="text">${row.figure}</td><td class="text">${row.trust}</td></tr>`,
  );
  const head = html`<thead><tr><th></th><th class="text">threshold</th><th class="text">worst of all runs</th><th class="text"></th></tr></thead>`;
  return html`<section id="thresholds"><h2>Do the thresholds hold?</h2>
<p>${capital(table)}. The worst value of every run is held against each.</p>
<div class="scroll"><table>${head}<tbody>${rows}</tbody></table></div></section>`;
}

/** A section of a Markdown report; '' where there are no thresholds. */
export function thresholdMarkdown(sources: Sources, escapeMarkdown: (text: string) => string): string {
  const table = thresholdTable(sources);
  if (table === null) return '';
  const rows = table.rows.map(
    (row) =>
      `| ${markOf(row)} | ${escapeMarkdown(row.text)} | ${escapeMarkdown(row.figure)} | ${escapeMarkdown(row.trust)} |`,
  );
  return [
    '## Do the thresholds hold?',
    '',
    `${capital(table)}.`,
    '',
    '| | threshold | worst of all runs | |',
    '|---|---|---|---|',
    ...rows,
  ].join('\n');
}

function capital({ title }: ThresholdTable): string {
  return title.charAt(0).toUpperCase() + title.slice(1);
}
