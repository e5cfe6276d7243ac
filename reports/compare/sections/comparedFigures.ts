import type { Html } from '../../html/escape.ts';
import { html } from '../../html/escape.ts';
import { chartFigure, section } from '../../html/figureSection.ts';
import { term } from '../../html/table.ts';
import { formatCount } from '../../numbers.ts';
import type { ComparisonView } from '../comparisonView.ts';
import { listOf } from '../listOf.ts';
import { sweptShape } from '../sweep.ts';

/** How fast: a small percentile curve per server. */
export function comparedLatency(view: ComparisonView): Html | null {
  return section('How fast?', [chartFigure(view, 'compared-percentiles', 'percentile')]);
}

const KNEE_NOTE = html`<p class="quiet">A ${term('knee', 'knee')} is named only where p99 leaves the level of the lightest load within the sweep.</p>`;

/** What happens as the load grows: only where it was swept. */
export function sweepSection(view: ComparisonView): Html | null {
  const shape = sweptShape(view.comparison.groups);
  return section(shape === null ? 'What happens as the load grows?' : `What changes with ${shape}?`, [
    chartFigure(view, 'sweep-latency', 'delivery-latency'),
    view.charts.has('sweep-latency') ? KNEE_NOTE : null,
    chartFigure(view, 'sweep-memory', 'memory-load'),
    chartFigure(view, 'sweep-cpu', 'cpu-per-delivery'),
  ]);
}

/** How much memory, and what each delivery costs. */
export function comparedCost(view: ComparisonView): Html | null {
  return section('What does it cost?', [
    chartFigure(view, 'compared-memory', 'memory-slope'),
    chartFigure(view, 'compared-cost', 'cpu-per-delivery'),
  ]);
}

/** What the cost returns. */
export function comparedReturn(view: ComparisonView): Html | null {
  return section('What does it return?', [
    chartFigure(view, 'compared-roi', 'roi'),
    chartFigure(view, 'compared-roi-scatter', 'roi'),
    chartFigure(view, 'compared-money', 'roi'),
  ]);
}

/** Where each server gives way: the steps of its search. */
export function comparedCeilings(view: ComparisonView): Html | null {
  const limits = view.comparison.servers.flatMap(({ label, runs }) => {
    const ceiling = runs.find((run) => run.ceiling)?.ceiling;
    return ceiling ? [html`<li>${label}: ${ceiling.limitedBy}</li>`] : [];
  });
  return section('Where does it give way?', [
    loadOfSearches(view),
    chartFigure(view, 'ceiling-steps', 'ceiling'),
    limits.length > 0
      ? html`<p class="quiet">What ended each search:</p><ul class="quiet">${limits}</ul>`
      : null,
  ]);
}

/** A search has a load of its own, so its ceiling is that of its connections and fan-out. */
function loadOfSearches({ comparison }: ComparisonView): Html | null {
  const loads = comparison.servers.flatMap(({ runs }) =>
    runs
      .filter(({ ceiling }) => ceiling)
      .map(
        ({ connections, plan }) =>
          `${formatCount(connections.established)} connections, fan-out ${formatCount(Math.round(plan.fanOut))}`,
      ),
  );
  const distinct = [...new Set(loads)];
  return distinct.length === 0
    ? null
    : html`<p>Searched with ${listOf(distinct)}: a load of its own, not the one that the other figures share.</p>`;
}
