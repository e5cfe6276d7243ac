import type { RollingFigures, Run } from '../../../contract/result.ts';
import type { StyledRun } from '../../charts/chart.ts';
import { formatCount, formatUs } from '../../numbers.ts';
import { backingOf } from '../../percentiles.ts';
import { rollingSentence } from '../../rollingRestart.ts';
import { type Html, html } from '../escape.ts';
import { section } from '../figureSection.ts';
import { type RunFigure, runFigures } from '../runFigures.ts';
import { cell, term } from '../table.ts';
import type { ReportView } from '../view.ts';

const count = (label: string, of: (rolling: RollingFigures) => number): RunFigure => ({
  label,
  definition: 'rolling-restart',
  of: ({ rolling }) => rolling && of(rolling),
  format: formatCount,
});
const moving = (label: string, of: (run: Run) => number | null | undefined): RunFigure => ({
  label,
  definition: 'recovery',
  of: (run) => (run.rolling ? of(run) : null),
  format: formatUs,
  unit: 'µs',
});

const away = (label: string, key: 'p50' | 'p99'): RunFigure => ({
  ...moving(label, ({ fault }) => fault?.reconnectUs[key]),
  backing: ({ fault }) => fault && backingOf(fault.reconnectUs, key),
});

const FIGURES: readonly RunFigure[] = [
  count('instances replaced', ({ instances }) => instances.length),
  count('streams moved', ({ moved }) => moved),
  count('calls failed', ({ callsFailed }) => callsFailed),
  count('calls tried again at another instance', ({ callsRetried }) => callsRetried),
  away('a stream away, median', 'p50'),
  away('a stream away, p99', 'p99'),
  moving('a stream away, longest', ({ fault }) => fault?.reconnectUs.max),
];

/** What the instances that came and went one by one did to streams and calls. */
export function rollingSection(view: ReportView): Html | null {
  const rolled = view.runs.filter(({ run }) => run.rolling !== null);
  if (rolled.length === 0) return null;
  const stories = rolled.map(({ run, label }) => {
    const name = rolled.length > 1 ? `${label}: ` : '';
    return html`<p>${name}${rollingSentence(run)}.</p>`;
  });
  return section('Who noticed the rolling restart?', [
    html`${stories}`,
    turnTable(rolled),
    runFigures({ ...view, runs: rolled }, FIGURES),
    html`<p class="quiet">Processes that were replaced took their counters along: CPU per delivery of the server is not told, and its memory is, at each moment, that of the instances that ran then.</p>`,
  ]);
}

function turnTable(runs: readonly StyledRun[]): Html {
  const titles = [
    ...(runs.length > 1 ? ['server'] : []),
    'instance',
    'told to drain at',
    'drained after',
    'replaced after',
  ];
  const head = titles.map((title) => html`<th scope="col">${title}</th>`);
  const rows = runs.flatMap((styled) => turnRows(styled, runs.length > 1));
  return html`<div class="scroll"><table><thead><tr>${head}</tr></thead><tbody>${rows}</tbody></table></div>`;
}

function turnRows({ run, label }: StyledRun, isNamed: boolean): Html[] {
  const instances = run.rolling?.instances ?? [];
  return instances.map(({ nodeId, drainAtMs, drainedMs, replacedMs }, i) => {
    const times = [drainAtMs, drainedMs, replacedMs].map((ms) =>
      cell({ text: formatUs(ms * 1_000), exact: `${ms} ms` }),
    );
    const name = isNamed ? html`<td>${i === 0 ? label : ''}</td>` : null;
    return html`<tr>${name}<th scope="row">${term(nodeId, 'rolling-restart')}</th>${times}</tr>`;
  });
}
