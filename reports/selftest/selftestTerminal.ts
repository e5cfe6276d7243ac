import { styleText } from 'node:util';
import type { NoiseStudy, SelftestCaseResult, SelftestResult, SelftestRow } from '../../contract/selftest.ts';
import { plainNumbers } from '../numbers.ts';
import { fittedTable, printable, wrap } from '../textLayout.ts';
import { NOISE_HEAD, noiseCells, noiseNotes } from './noiseFigures.ts';
import { askAgain, finding } from './selftestFigures.ts';

export interface SelftestTextOptions {
  /** Width that every line keeps. */
  readonly columns: number;
  readonly colour: boolean;
  /** Where it was written. */
  readonly directory: string;
}

const HEAD = ['claim', 'expected', 'measured', 'tolerance', 'verdict'];

const AGAIN =
  'What was not shown speaks neither for nor against the figures. Once nothing else runs on this host:';

/** Widest share of the line for each column but the first, which has what is left. */
const SHARES = [0.2, 0.22, 0.16, 0.08];

/** The finding, one table, the folder: at most `columns` wide, without a trailing line end. */
export function selftestText(
  result: SelftestResult,
  { columns, colour, directory }: SelftestTextOptions,
): string {
  const width = Math.max(60, columns);
  const { cases, noise } = result;
  const again = askAgain(result);
  const parts = [
    wrap(plainNumbers(finding(result)), width),
    ...(cases.length > 0 ? [claims(cases, width)] : []),
    ...(noise === null ? [] : [noiseText(noise, width)]),
    ...(again === null ? [] : [`${wrap(AGAIN, width)}\n${wrap(again, width)}`]),
    `Written: ${directory}`,
  ];
  const text = parts.join('\n\n');
  return colour ? colourVerdicts(text) : text;
}

function claims(cases: readonly SelftestCaseResult[], width: number): string {
  const rows = cases.flatMap((one) => one.rows.map(cellsOf));
  const widths = columnWidths([HEAD, ...rows], width);
  const body = cases.flatMap((one) => [
    `${one.name}: ${one.title}`.slice(0, width),
    ...one.rows.flatMap((row) => lines(cellsOf(row), widths)),
    ...attemptsOf(one, width),
  ]);
  return [...lines(HEAD, widths), '-'.repeat(widths.reduce((sum, each) => sum + each + 2, -2)), ...body].join(
    '\n',
  );
}

/** Attempts that the host disturbed are told, or a table would look surer than it is. */
function attemptsOf({ attempts, disturbances }: SelftestCaseResult, width: number): string[] {
  if (disturbances.length === 0) return [];
  const reasons = [...new Set(disturbances)].join('; ');
  return wrap(printable(`  (attempts: ${attempts}; the host disturbed: ${reasons})`), width).split('\n');
}

function cellsOf({ claim, expected, measured, tolerance, verdict }: SelftestRow): string[] {
  const word = verdict === 'fail' || verdict === 'void' ? verdict.toUpperCase() : verdict;
  return [`  ${claim}`, expected, measured, tolerance, word].map((text) => plainNumbers(printable(text)));
}

function columnWidths(rows: readonly (readonly string[])[], width: number): number[] {
  const natural = HEAD.map((_, i) => Math.max(...rows.map((row) => row[i].length)));
  const others = SHARES.map((share, i) =>
    Math.min(natural[i + 1], Math.max(HEAD[i + 1].length, Math.floor(share * width))),
  );
  const gaps = 2 * others.length;
  const left = width - gaps - others.reduce((sum, each) => sum + each, 0);
  return [Math.min(natural[0], left), ...others];
}

/** One row over as many lines as its longest cell needs. */
function lines(cells: readonly string[], widths: readonly number[]): string[] {
  const wrapped = cells.map((cell, i) => wrapCell(cell, widths[i]));
  const height = Math.max(...wrapped.map((cell) => cell.length));
  return Array.from({ length: height }, (_, line) =>
    wrapped
      .map((cell, i) => (cell[line] ?? '').padEnd(widths[i]))
      .join('  ')
      .trimEnd(),
  );
}

/** Lines after the first keep the indent of the cell. */
function wrapCell(cell: string, width: number): string[] {
  const indent = cell.length - cell.trimStart().length;
  const text = wrap(cell.trimStart(), width - indent);
  return text.split('\n').map((line) => ' '.repeat(indent) + line);
}

function noiseText(noise: NoiseStudy, width: number): string {
  const rows = noise.rows.map((row) => noiseCells(row).map(plainNumbers));
  const notes = noiseNotes(noise).map((note) => wrap(plainNumbers(note), width));
  return [fittedTable([[...NOISE_HEAD], ...rows], width), notes.join('\n')].join('\n\n');
}

/** Paints the verdict at the end of a line. */
function colourVerdicts(text: string): string {
  const style = { pass: 'green', FAIL: 'red', VOID: 'yellow' } as const;
  return text.replace(/ (pass|FAIL|VOID)$/gm, (_, word: keyof typeof style) => {
    return ` ${styleText(style[word], word, { validateStream: false })}`;
  });
}
