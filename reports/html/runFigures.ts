import type { Family, Run } from '../../contract/result.ts';
import type { DefinitionId } from '../definitions.ts';
import { NOT_MEASURED } from '../numbers.ts';
import { type Backing, backingNote, isBacked } from '../percentiles.ts';
import { familyVerdict } from '../verdicts.ts';
import { type Html, html } from './escape.ts';
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
  /** Of a percentile: how many messages stand behind it. @default not a percentile */
  readonly backing?: (run: Run) => Backing | null | undefined;
  /** Whose doubts are written at each value. @default none: said elsewhere, or a count that nothing bends */
  readonly family?: Family;
}

/** A table of these figures with a column per run; a row that no run measured is left out. */
export function runFigures({ runs }: ReportView, figures: readonly RunFigure[]): Html | null {
  const all = runs.map(({ run }) => run);
  const measured = figures.filter(({ of }) => all.some((run) => (of(run) ?? null) !== null));
  const rows = measured.map((figure) => rowOf(figure, all));
  if (rows.length === 0) return null;
  const note = backingNote(
    'Grey',
    measured.flatMap(({ of, backing }) =>
      all.map((run) => ((of(run) ?? null) === null ? null : backing?.(run))),
    ),
  );
  const table = figureTable(
    runs.map(({ label }) => label),
    rows,
  );
  return note === null ? table : html`${table}<p class="quiet">${note}</p>`;
}

function rowOf(
  { label, definition, of, format, unit = '', missing = NOT_MEASURED, backing, family }: RunFigure,
  runs: readonly Run[],
): FigureRow {
  const cells = runs.map((run): Cell => {
    const value = of(run) ?? null;
    if (value === null) return { text: missing, className: 'unsupported' };
    const verdict = family ? familyVerdict(family, [run]).verdict : 'VALID';
    const behind = backing?.(run) ?? null;
    const className = behind !== null && !isBacked(behind) ? 'unsupported' : '';
    return { text: format(value), exact: `${value} ${unit}`.trim(), className, verdict };
  });
  return { label, definition, cells };
}
