import { styleText } from 'node:util';
import type { Run, RunResult, Verdict } from '../contract/result.ts';
import { headline } from './headline.ts';
import { plainNumbers } from './numbers.ts';
import { runLabels } from './runLabel.ts';
import { summaryColumns } from './summaryColumns.ts';

export interface TerminalOptions {
  /** Width that every line keeps. @default 100 */
  readonly columns?: number;
  readonly colour: boolean;
  /** Path of the report; null where none was written. */
  readonly reportPath: string | null;
}

const STYLES: Readonly<Record<Verdict, 'green' | 'yellow' | 'red'>> = {
  VALID: 'green',
  SUSPECT: 'yellow',
  INVALID: 'red',
};

/** The sentence, one table, the path: at most `columns` wide, without a trailing line end. */
export function terminalSummary(result: RunResult, options: TerminalOptions): string {
  const width = options.columns ?? 100;
  const parts = [wrap(printable(plainNumbers(headline(result))), width)];
  if (result.runs.length > 0) parts.push(table(result.runs, width));
  if (options.reportPath !== null) parts.push(`Report: ${options.reportPath}`);
  const text = parts.join('\n\n');
  return options.colour ? colourVerdicts(text) : text;
}

/** A target's address or label may hold escape sequences: a terminal must not obey them. */
function printable(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is removed here
  return text.replace(/[\u0000-\u001f\u007f-\u009f]/g, '?');
}

function colourVerdicts(text: string): string {
  return text.replace(/\b(VALID|SUSPECT|INVALID)\b/g, (word) => {
    const verdict = word === 'VALID' || word === 'SUSPECT' ? word : 'INVALID';
    return styleText(STYLES[verdict], word, { validateStream: false });
  });
}

function wrap(text: string, width: number): string {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else line = line ? `${line} ${word}` : word;
  }
  return [...lines, line].flatMap((long) => chunks(long, width)).join('\n');
}

function chunks(line: string, width: number): string[] {
  const parts: string[] = [];
  for (let at = 0; at < Math.max(1, line.length); at += width) parts.push(line.slice(at, at + width));
  return parts;
}

function table(runs: readonly Run[], width: number): string {
  const labels = runLabels(runs).map((label) => shorten(printable(label), 28));
  const columns = summaryColumns(runs);
  const rows = [
    ['server', ...columns.map((column) => column.title)],
    ...runs.map((run, i) => [labels[i] ?? '', ...columns.map((column) => plainNumbers(column.cell(run)))]),
  ];
  const fitted = dropColumns(rows, width);
  const widths = fitted[0]?.map((_, i) => Math.max(...fitted.map((row) => row[i]?.length ?? 0))) ?? [];
  const line = (row: readonly string[]) =>
    row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0))).join('  ');
  const [head = [], ...body] = fitted;
  return [line(head), '-'.repeat(line(head).length), ...body.map(line)].join('\n');
}

/** Leaves out columns before the last (the verdict) until the table fits. */
function dropColumns(rows: readonly string[][], width: number): string[][] {
  const total = (table: readonly string[][]) =>
    (table[0] ?? []).reduce(
      (sum, _, i) => sum + 2 + Math.max(...table.map((row) => row[i]?.length ?? 0)),
      -2,
    );
  let fitted = rows.map((row) => [...row]);
  while (total(fitted) > width && (fitted[0]?.length ?? 0) > 3) {
    fitted = fitted.map((row) => row.toSpliced(-2, 1));
  }
  return fitted;
}

function shorten(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length - 1)}…`;
}
