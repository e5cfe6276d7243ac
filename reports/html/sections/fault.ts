import type { FaultFigures, Run } from '../../../contract/result.ts';
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

/** What was broken, who noticed, how long it took, and what it cost. */
export function faultSection(view: ReportView): Html | null {
  const broken = view.runs.filter(({ run }) => run.fault);
  if (broken.length === 0) return null;
  return section('What did the fault do?', [
    html`${broken.map(({ run, label }) => story(run, broken.length > 1 ? `${label}: ` : ''))}`,
    chartFigure(view, 'fault-over-time', 'fault'),
    html`${broken.map(({ run, label }) => phaseTable(run, broken.length > 1 ? label : null))}`,
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

function phaseTable({ fault }: Run, label: string | null): Html | null {
  if (!fault) return null;
  const head = ['p50', 'p99', 'longest', 'deliveries'].map((title) => html`<th scope="col">${title}</th>`);
  const rows = PHASES.map((phase) => {
    const { p50, p99, max, deliveries } = fault[phase];
    const cells = [p50, p99, max].map((us) =>
      cell({
        text: orMissing(us, formatUs, NOT_DEFINED),
        ...(us === null ? { className: 'unsupported' } : { exact: `${us} µs` }),
      }),
    );
    return html`<tr><th scope="row">${term(phase, 'fault')}</th>${cells}${cell({ text: formatCount(deliveries) })}</tr>`;
  });
  return html`${label ? html`<h3>${label}</h3>` : null}<div class="scroll"><table><thead><tr><th scope="col">delivery latency</th>${head}</tr></thead><tbody>${rows}</tbody></table></div>`;
}
