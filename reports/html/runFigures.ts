import type { Family, Run } from '../../contract/result.ts';
import type { DefinitionId } from '../definitions.ts';
import { NOT_MEASURED } from '../numbers.ts';
import { familyVerdict } from '../verdicts.ts';
import type { Html } from './escape.ts';
import { type Cell, type FigureRow, figureTable } from './table.ts';
import type { ReportView } from './view.ts';

/** A figure of every run: what it is called, where it is defined, how it is read and written. */
export interface RunFigure {
  readonly label: string;
  readonly definition: DefinitionId | null;
  readonly of: (run: Run) => number | null | undefined;
  readonly format: (value: number) => string;
  /** Unit of the exact value in the tooltip. */
  readonly unit?: string;
  /** What stands where a run has no such figure. @default 'not measured' */
  readonly missing?: string;
  /** Whose doubts are written at each value. @default none: said elsewhere, or a count that nothing bends */
  readonly family?: Family;
}

/** A table of these figures with a column per run; a row that no run measured is left out. */
export function runFigures({ runs }: ReportView, figures: readonly RunFigure[]): Html | null {
  const all = runs.map(({ run }) => run);
  const measured = figures.filter(({ of }) => all.some((run) => (of(run) ?? null) !== null));
  const rows = measured.map((figure) => rowOf(figure, all));
  return rows.length === 0
    ? null
    : figureTable(
        runs.map(({ label }) => label),
        rows,
      );
}

function rowOf(
  { label, definition, of, format, unit = '', missing = NOT_MEASURED, family }: RunFigure,
  runs: readonly Run[],
): FigureRow {
  const cells = runs.map((run): Cell => {
    const value = of(run) ?? null;
    if (value === null) return { text: missing, className: 'unsupported' };
    const verdict = family ? familyVerdict(family, [run]).verdict : 'VALID';
    return { text: format(value), exact: `${value} ${unit}`.trim(), verdict };
  });
  return { label, definition, cells };
}
