import { styleText } from 'node:util';
import type { Run, RunResult, Verdict } from '../contract/result.ts';
import { compareSources } from './compare/comparison.ts';
import { comparisonText } from './compare/comparisonTerminal.ts';
import { isComparison } from './compare/serverGroup.ts';
import { headline } from './headline.ts';
import { plainNumbers } from './numbers.ts';
import { bracketNote } from './percentileColumn.ts';
import { namedRuns, runLabels } from './runLabel.ts';
import { summaryColumns } from './summaryColumns.ts';
import { testedLoad } from './testedLoad.ts';
import { fittedTable, printable, shorten, wrap } from './textLayout.ts';
import { thresholdText } from './thresholds/thresholdViews.ts';

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
  const parts = isComparison(result.runs)
    ? [comparisonText(compareSources([{ name: '', result }]), width)]
    : single(result, width);
  const thresholds = thresholdText([{ name: '', result }], width);
  if (thresholds !== '') parts.push(thresholds);
  if (options.reportPath !== null) parts.push(`Report: ${options.reportPath}`);
  const text = parts.join('\n\n');
  return options.colour ? colourMarks(colourVerdicts(text)) : text;
}

function single(result: RunResult, width: number): string[] {
  const sentence = wrap(printable(plainNumbers(headline(result))), width);
  if (result.runs.length === 0) return [sentence];
  const load = testedLoad(namedRuns(result.runs));
  const lines = load === null ? [] : [wrap(printable(plainNumbers(load)), width)];
  return [sentence, table(result.runs, width), ...lines];
}

/** Paints the verdict words. */
export function colourVerdicts(text: string): string {
  return text.replace(/\b(VALID|SUSPECT|INVALID)\b/g, (word) => {
    const verdict = word === 'VALID' || word === 'SUSPECT' ? word : 'INVALID';
    return styleText(STYLES[verdict], word, { validateStream: false });
  });
}

/** Paints the marks of thresholds. */
function colourMarks(text: string): string {
  return text.replace(/^[✓✗](?= )/gm, (mark) =>
    styleText(mark === '✓' ? 'green' : 'red', mark, { validateStream: false }),
  );
}

function table(runs: readonly Run[], width: number): string {
  const labels = runLabels(runs).map((label) => shorten(printable(label), 28));
  const columns = summaryColumns(runs);
  const rows = [
    ['server', ...columns.map((column) => column.title)],
    ...runs.map((run, i) => [labels[i] ?? '', ...columns.map((column) => plainNumbers(column.cell(run)))]),
  ];
  const note = bracketNote(columns, runs);
  return [fittedTable(rows, width), note === null ? '' : wrap(printable(plainNumbers(note)), width)]
    .filter(Boolean)
    .join('\n\n');
}
