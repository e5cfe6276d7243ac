import { formatCount, formatRate, formatUs, orMissing, significant } from '../../numbers.ts';
import { type Html, html } from '../escape.ts';
import { chartFigure, section } from '../figureSection.ts';
import { textTable } from '../table.ts';
import type { ReportView } from '../view.ts';

/** The highest rate that keeps the objective, and the search for it; the article's scenario shows it in its own section. */
export function ceilingSection(view: ReportView): Html | null {
  const searched = view.runs.filter(({ run }) => run.ceiling && !run.article);
  if (searched.length === 0) return null;
  const rows = searched.map(({ run, label }) => [
    label,
    orMissing(run.ceiling?.ratePerSecond, formatRate, 'not found'),
    orMissing(run.ceiling?.deliveriesPerSecond, formatRate, 'not found'),
    run.ceiling?.limitedBy ?? '',
  ]);
  const steps = searched.map(({ run, label }) => {
    const lines = (run.ceiling?.steps ?? []).map((step) => [
      significant(step.ratePerSecond),
      formatRate(step.deliveriesPerSecond),
      orMissing(step.latencyUs, formatUs, 'not defined'),
      formatCount(step.lost),
      formatCount(step.refused),
      step.passed ? 'kept' : step.reason,
    ]);
    return html`<details><summary>Steps of ${label}</summary>${textTable(['publishes/s', 'deliveries', 'latency', 'lost', 'refused', 'objective'], lines)}</details>`;
  });
  return section('How much does it carry?', [
    textTable(['server', 'publishes', 'deliveries', 'limited by'], rows),
    chartFigure(view, 'ceiling-steps', 'ceiling'),
    html`${steps}`,
  ]);
}
