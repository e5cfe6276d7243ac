import type { FaultFigures, Run } from '../../../contract/result.ts';
import type { StyledRun } from '../../charts/chart.ts';
import { faultName } from '../../faultName.ts';
import { formatCount, formatUs, NOT_DEFINED, orMissing } from '../../numbers.ts';
import { type Html, html } from '../escape.ts';
import { chartFigure, section } from '../figureSection.ts';
import { type RunFigure, runFigures } from '../runFigures.ts';
import { cell, term } from '../table.ts';
import type { ReportView } from '../view.ts';

const reconnect = (label: string, of: (fault: FaultFigures) => number | null): RunFigure => ({
  label,
  definition: 'recovery',
  of: ({ fault }) => fault && of(fault),
  format: formatUs,
  unit: 'µs',
});
const count = (label: string, definition: RunFigure['definition'], of: RunFigure['of']): RunFigure => ({
  label,
  definition,
  of: (run) => (run.fault ? of(run) : null),
  format: formatCount,
});

const FIGURES: readonly RunFigure[] = [
  reconnect('fault, from the start of the window', ({ atMs }) => atMs * 1000),
  reconnect('recovered after', ({ recoveredMs }) => recoveredMs && recoveredMs * 1000),
  count('connections hit', 'recovery', ({ fault }) => fault?.connectionsHit),
  count('connections back', 'recovery', ({ fault }) => fault?.connectionsBack),
  reconnect('reconnect, median', ({ reconnectUs }) => reconnectUs.p50),
  reconnect('reconnect, p99', ({ reconnectUs }) => reconnectUs.p99),
  reconnect('reconnect, longest', ({ reconnectUs }) => reconnectUs.max),
  count('deliveries lost', 'ledger', ({ deliveries }) => deliveries?.lost),
  count('deliveries duplicated', 'ledger', ({ deliveries }) => deliveries?.duplicated),
  count('gap events', 'ledger', ({ connections }) => connections.gaps),
  count('publishes retried on another node', 'publish', ({ publish }) => publish?.retried),
];

/**
 * What was broken, who noticed, how long it took, and what it cost.
 * @param note said first
 */
export function faultSection(view: ReportView, note: Html | null = null): Html | null {
  const broken = view.runs.filter(({ run }) => run.fault);
  if (broken.length === 0) return null;
  return section('What did the fault do?', [
    note,
    html`${broken.map(({ run, label }) => story(run, broken.length > 1 ? `${label}: ` : ''))}`,
    chartFigure(view, 'fault-over-time', 'fault'),
    phaseTable(broken),
    runFigures({ ...view, runs: broken }, FIGURES),
  ]);
}

function story({ fault, deliveries }: Run, label: string): Html | null {
  if (!fault) return null;
  const back = formatCount(fault.connectionsBack);
  const hit = formatCount(fault.connectionsHit);
  const recovered =
    fault.recoveredMs === null
      ? `${back} of ${hit} connections came back before the end`
      : `all ${hit} connections that it hit were back ${formatUs(fault.recoveredMs * 1000)} later`;
  const ledger = deliveries
    ? `; ${formatCount(deliveries.lost)} deliveries lost, ${formatCount(deliveries.duplicated)} duplicated`
    : '';
  const note = fault.note === '' ? '' : ` ${fault.note[0]?.toUpperCase()}${fault.note.slice(1)}.`;
  return html`<p>${label}${faultName(fault.kind)} ${formatUs(fault.atMs * 1000)} into the window: ${recovered}${ledger}.${note}</p>`;
}

const PHASES = ['before', 'during', 'after'] as const;

function phaseTable(runs: readonly StyledRun[]): Html {
  const titles = [
    ...(runs.length > 1 ? ['server'] : []),
    'delivery latency',
    'p50',
    'p99',
    'longest',
    'deliveries',
  ];
  const head = titles.map((title) => html`<th scope="col">${title}</th>`);
  const rows = runs.flatMap(({ run, label }) =>
    PHASES.map((phase, i) => phaseRow(run, phase, runs.length > 1 ? (i === 0 ? label : '') : null)),
  );
  return html`<div class="scroll"><table><thead><tr>${head}</tr></thead><tbody>${rows}</tbody></table></div>`;
}

function phaseRow({ fault }: Run, phase: (typeof PHASES)[number], server: string | null): Html | null {
  if (!fault) return null;
  const { p50, p99, max, deliveries } = fault[phase];
  const cells = [p50, p99, max].map((us) =>
    cell({
      text: orMissing(us, formatUs, NOT_DEFINED),
      ...(us === null ? { className: 'unsupported' } : { exact: `${us} µs` }),
    }),
  );
  const name = server === null ? null : html`<td>${server}</td>`;
  return html`<tr>${name}<th scope="row">${term(phase, 'fault')}</th>${cells}${cell({ text: formatCount(deliveries) })}</tr>`;
}
