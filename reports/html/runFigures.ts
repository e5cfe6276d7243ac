import type { Run } from '../../contract/result.ts';
import type { DefinitionId } from '../definitions.ts';
import { NOT_MEASURED } from '../numbers.ts';
import type { Html } from './escape.ts';
import { type FigureRow, figureTable } from './table.ts';
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
}

/** A table of these figures with a column per run; a row that no run measured is left out. */
export function runFigures({ runs }: ReportView, figures: readonly RunFigure[]): Html | null {
  const rows = figures.flatMap((figure) => {
    const values = runs.map(({ run }) => figure.of(run) ?? null);
    return values.every((value) => value === null) ? [] : [rowOf(figure, values)];
  });
  return rows.length === 0
    ? null
    : figureTable(
        runs.map(({ label }) => label),
        rows,
      );
}

function rowOf(
  { label, definition, format, unit = '', missing = NOT_MEASURED }: RunFigure,
  values: readonly (number | null)[],
): FigureRow {
  const cells = values.map((value) =>
    value === null
      ? { text: missing, className: 'unsupported' }
      : { text: format(value), exact: `${value} ${unit}`.trim() },
  );
  return { label, definition, cells };
}
