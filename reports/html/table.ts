import type { Verdict } from '../../contract/result.ts';
import type { DefinitionId } from '../definitions.ts';
import { type Html, html } from './escape.ts';

/** One figure of all runs: a row of a table whose columns are the runs. */
export interface FigureRow {
  readonly label: string;
  readonly definition: DefinitionId | null;
  /** A cell per run. */
  readonly cells: readonly Cell[];
}

export interface Cell {
  readonly text: string;
  /** Unrounded value, for the tooltip. */
  readonly exact?: string;
  readonly className?: string;
  /** How far the figure can be trusted; nothing is written for VALID. @default 'VALID' */
  readonly verdict?: Verdict;
}

/** A term that links to its definition. */
export function term(label: string, definition: DefinitionId | null): Html {
  return definition ? html`<a href="#def-${definition}">${label}</a>` : html`${label}`;
}

/** Rows of figures, one column per run; rows in which every cell is missing are the caller's to leave out. */
export function figureTable(columns: readonly string[], rows: readonly FigureRow[]): Html {
  const head = columns.length > 1 ? headRow(['', ...columns]) : null;
  return html`<div class="scroll"><table>${head}<tbody>${rows.map(figureRow)}</tbody></table></div>`;
}

function figureRow(row: FigureRow): Html {
  return html`<tr><th scope="row">${term(row.label, row.definition)}</th>${row.cells.map(cell)}</tr>`;
}

export function cell({ text, exact, className = '', verdict = 'VALID' }: Cell): Html {
  const title = exact ? html` title="${exact}"` : null;
  return html`<td class="figure ${className}"${title}>${question(verdict)}${text}${refusal(verdict)}</td>`;
}

/** Before a figure that something may have bent. */
export function question(verdict: Verdict): Html | null {
  return verdict === 'SUSPECT' ? html`<i class="SUSPECT" title="SUSPECT"></i>` : null;
}

/** Below a figure that does not describe the server. */
export function refusal(verdict: Verdict): Html | null {
  return verdict === 'INVALID' ? html`<small class="verdict INVALID">INVALID</small>` : null;
}

function headRow(titles: readonly string[]): Html {
  return html`<thead><tr>${titles.map((title) => html`<th scope="col">${title}</th>`)}</tr></thead>`;
}

/** A table of plain texts; a title that holds figures is a term. */
export function textTable(titles: readonly (string | Html)[], rows: readonly (readonly string[])[]): Html {
  const body = rows.map((row) => html`<tr>${row.map((text) => html`<td class="text">${text}</td>`)}</tr>`);
  const head = html`<thead><tr>${titles.map((title) => html`<th scope="col" class="text">${title}</th>`)}</tr></thead>`;
  return html`<div class="scroll"><table>${head}<tbody>${body}</tbody></table></div>`;
}
