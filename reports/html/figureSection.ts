import type { DefinitionId } from '../definitions.ts';
import { Html, html } from './escape.ts';
import type { ReportView } from './view.ts';

/** A chart with its data one click away; nothing where the runs have no data for it. */
export function chartFigure(view: ReportView, name: string, definition: DefinitionId): Html | null {
  const chart = view.charts.get(name);
  if (!chart) return null;
  return html`<figure class="chart" aria-label="${chart.description}">${new Html(chart.svg)}
<figcaption class="links"><a href="charts/${name}.svg">SVG</a> · <a href="charts/${name}.vl.json">Vega-Lite specification with data</a> · <a href="#def-${definition}">definition</a></figcaption></figure>`;
}

/** A section of the page: the question it answers, and what answers it; nothing without an answer. */
export function section(title: string, parts: readonly (Html | null)[]): Html | null {
  const shown = parts.filter((part) => part !== null);
  return shown.length === 0 ? null : html`<section><h2>${title}</h2>${shown}</section>`;
}

/** Narrow tables of one run stand beside each other; those of several runs need the whole width. */
export function beside({ runs }: ReportView, parts: readonly (Html | null)[]): Html {
  return runs.length === 1 ? html`<div class="beside">${parts}</div>` : html`${parts}`;
}
