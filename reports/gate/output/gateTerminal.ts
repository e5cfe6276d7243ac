import { styleText } from 'node:util';
import type { GateResult, GateVerdict } from '../../../contract/gate.ts';
import { plainNumbers } from '../../numbers.ts';
import { fittedTable, printable, shorten, wrap } from '../../textLayout.ts';
import {
  changeText,
  endedLines,
  excludedLines,
  figureText,
  gating,
  medianText,
  toleranceText,
  verdictText,
} from './gateFigures.ts';

export interface GateTerminalOptions {
  /** Width that every line keeps, but for the command that settles, which is never broken. @default 100 */
  readonly columns?: number;
  readonly colour: boolean;
  /** Path of the report; null where none was written. */
  readonly reportPath: string | null;
}

const STYLES: Readonly<Record<GateVerdict, 'green' | 'yellow' | 'red'>> = {
  PASS: 'green',
  INCONCLUSIVE: 'yellow',
  FAIL: 'red',
};

/** The same story in a terminal: headline, table, why, thresholds, what would settle it, path. No line end behind it. */
export function gateTerminal(gate: GateResult, options: GateTerminalOptions): string {
  const width = options.columns ?? 100;
  const parts = [
    wrap(clean(gate.headline), width),
    table(gate, width),
    notes(gate)
      .map((line) => wrap(clean(line), width))
      .join('\n'),
    gate.settle === null ? '' : `What would settle it:\n  ${printable(gate.settle)}`,
    options.reportPath === null ? '' : `Report: ${options.reportPath}`,
  ];
  const text = parts.filter(Boolean).join('\n\n');
  return options.colour ? colourVerdicts(text) : text;
}

function table(gate: GateResult, width: number): string {
  const rows = gating(gate).map((metric) => [
    metric.label,
    medianText(metric, 'base'),
    medianText(metric, 'head'),
    changeText(metric),
    toleranceText(metric),
    // The word alone: the mark stands below, beside what it is about.
    metric.verdict ?? '–',
  ]);
  if (rows.length === 0) return '';
  const head = ['metric', 'base', 'head', 'change (interval)', 'accepted', 'verdict'];
  const cleaned = [head, ...rows].map((cells) => cells.map(clean));
  return fittedTable(withShortNames(cleaned, width), width);
}

/** Names give way before a column does. */
function withShortNames(rows: readonly (readonly string[])[], width: number): string[][] {
  const widthOf = (column: number) => Math.max(...rows.map((cells) => cells[column]?.length ?? 0));
  const others = (rows[0] ?? []).slice(1).reduce((sum, _, i) => sum + 2 + widthOf(i + 1), 0);
  const room = Math.max(LEAST_NAME, width - others);
  return rows.map(([name = '', ...cells]) => [shorten(name, room), ...cells]);
}

const LEAST_NAME = 20;

function notes(gate: GateResult): string[] {
  const why = gating(gate).flatMap(({ label, verdict, why: said }) =>
    verdict === 'PASS' ? [] : [`${verdictText(verdict)} ${label}: ${said}`],
  );
  const thresholds = gate.thresholds.map(
    ({ text, passed, worst, unit }) =>
      `${verdictText(passed ? 'PASS' : 'FAIL')} ${text} (worst run of head: ${figureText(worst, unit)})`,
  );
  const differences = gate.differences.map((difference) => `Not like for like: ${difference}`);
  const excluded = excludedLines(gate).map((line) => `L${line.slice(1)}`);
  return [...endedLines(gate), ...why, ...thresholds, ...differences, ...excluded];
}

function colourVerdicts(text: string): string {
  return text.replace(/\b(PASS|FAIL|INCONCLUSIVE)\b/g, (word) => {
    const verdict = word === 'PASS' || word === 'FAIL' ? word : 'INCONCLUSIVE';
    return styleText(STYLES[verdict], word, { validateStream: false });
  });
}

function clean(text: string): string {
  return printable(plainNumbers(text));
}
