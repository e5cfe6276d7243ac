import type { Run } from '../../../contract/result.ts';
import {
  formatCount,
  formatRate,
  formatRateOf,
  formatUs,
  NOT_DEFINED,
  orMissing,
  significant,
} from '../../numbers.ts';
import { backingNote, isBacked } from '../../percentiles.ts';
import { stepBacking } from '../../stepBacking.ts';
import { type Html, html } from '../escape.ts';
import { chartFigure, section } from '../figureSection.ts';
import { term, textTable } from '../table.ts';
import type { ReportView } from '../view.ts';

const SEARCH_TITLES = ['server', term('publishes', 'ceiling'), term('deliveries', 'ceiling'), 'limited by'];
const STEP_TITLES = [
  term('publishes/s', 'publish'),
  term('deliveries', 'deliveries-per-second'),
  term('latency', 'ceiling'),
  term('lost', 'ledger'),
  term('refused', 'publish'),
  'objective',
];
const SATURATION_TITLES = [
  'server',
  ...['answered', 'connections', 'p50', 'p99', 'errors', 'not 2xx'].map((title) =>
    term(title, 'closed-loop'),
  ),
  'by',
];

/** The highest rate that keeps the objective, the search for it (the article's scenario shows it in its own section), and saturation. */
export function ceilingSection(view: ReportView): Html | null {
  return section('How much does it carry?', [search(view), closedLoop(view)]);
}

function search(view: ReportView): Html | null {
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
      latencyText(run, step),
      formatCount(step.lost),
      formatCount(step.refused),
      step.passed ? 'kept' : step.reason,
    ]);
    const note = backingNote(
      'In brackets',
      (run.ceiling?.steps ?? []).map((step) => stepBacking(run, step)),
    );
    const few = note === null ? null : html`<p class="quiet">${note}</p>`;
    return html`<details><summary>Steps of ${label}</summary>${textTable(STEP_TITLES, lines)}${few}</details>`;
  });
  return html`${textTable(SEARCH_TITLES, rows)}${chartFigure(view, 'ceiling-steps', 'ceiling')}${steps}`;
}

function latencyText(run: Run, step: NonNullable<Run['ceiling']>['steps'][number]): string {
  const backing = stepBacking(run, step);
  const text = orMissing(step.latencyUs, formatUs, NOT_DEFINED);
  return backing !== null && !isBacked(backing) ? `(${text})` : text;
}

/** What the server answers at most, each client asking again at once: a rate, and no latency to compare. */
function closedLoop({ runs }: ReportView): Html | null {
  const rows = runs.flatMap(({ run: { closedLoop: loop }, label }) =>
    loop
      ? [
          [
            label,
            formatRateOf(loop.requestsPerSecond, 'requests'),
            formatCount(loop.connections),
            orMissing(loop.p50Us, formatUs),
            orMissing(loop.p99Us, formatUs),
            formatCount(loop.errors),
            formatCount(loop.non2xx),
            loop.tool,
          ],
        ]
      : [],
  );
  if (rows.length === 0) return null;
  return html`<h3>Closed loop: saturation</h3><p class="quiet">Each connection asks again as soon as it is answered, so a slow server is asked less: the rate is what the server carries at most, and the latency is not comparable with any other here (<a href="#def-closed-loop">closed loop</a>).</p>${textTable(SATURATION_TITLES, rows)}`;
}
