import type { NoiseStudy, SelftestCaseResult, SelftestResult } from '../../contract/selftest.ts';
import { escapeMarkdown } from '../markdown.ts';
import { NOISE_HEAD, noiseCells, noiseNotes } from './noiseFigures.ts';
import { finding, selftestConditions } from './selftestFigures.ts';

/** The outcome as Markdown: the finding, the table, under what conditions. */
export function selftestMarkdown(result: SelftestResult): string {
  const { cases, noise } = result;
  const parts = [
    `# bench selftest: ${escapeMarkdown(finding(result))}`,
    claimsTable(cases),
    disturbances(cases),
    noise === null ? '' : noiseMarkdown(noise),
    escapeMarkdown(selftestConditions(result)),
  ];
  return `${parts.filter(Boolean).join('\n\n')}\n`;
}

/** Every row of every case; empty where there are none. */
export function claimsTable(cases: readonly SelftestCaseResult[]): string {
  const rows = cases.flatMap((one) => one.rows);
  if (rows.length === 0) return '';
  return [
    '| case | claim | expected | measured | tolerance | verdict |',
    '|---|---|--:|--:|--:|---|',
    ...rows.map((row) =>
      tableRow([
        row.case,
        row.claim,
        row.expected,
        row.measured,
        row.tolerance,
        row.verdict === 'fail' || row.verdict === 'void' ? row.verdict.toUpperCase() : row.verdict,
      ]),
    ),
  ].join('\n');
}

/** Attempts that were made again, and why: a table of claims that hold must say how often it was asked. */
export function disturbances(cases: readonly SelftestCaseResult[]): string {
  return cases
    .filter((one) => one.disturbances.length > 0)
    .map(({ name, attempts, disturbances: reasons }) => {
      const times = attempts === 1 ? 'one attempt' : `${attempts} attempts`;
      return `- ${escapeMarkdown(`${name}: ${times}; the host disturbed: ${[...new Set(reasons)].join('; ')}`)}`;
    })
    .join('\n');
}

/** Noise between runs as a table with its notes. */
export function noiseMarkdown(noise: NoiseStudy): string {
  return [
    [
      tableRow(NOISE_HEAD),
      '|---|--:|--:|--:|--:|--:|',
      ...noise.rows.map((row) => tableRow(noiseCells(row))),
    ].join('\n'),
    noiseNotes(noise)
      .map((note) => `- ${escapeMarkdown(note).replaceAll('\\`', '`')}`)
      .join('\n'),
  ].join('\n\n');
}

function tableRow(cells: readonly string[]): string {
  return `| ${cells.map(escapeMarkdown).join(' | ')} |`;
}
