import type { FaultFigures, Run } from '../../../contract/result.ts';
import type { StyledRun } from '../../charts/chart.ts';
import { faultName } from '../../faultName.ts';
import { formatCount, formatUs, NOT_DEFINED, orMissing } from '../../numbers.ts';
import { phaseStats } from '../../percentileColumn.ts';
import { type Backing, backingNote, backingOf, isBacked } from '../../percentiles.ts';
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
const away = (label: string, key: 'p50' | 'p99'): RunFigure => ({
  ...reconnect(label, ({ reconnectUs }) => reconnectUs[key]),
  backing: ({ fault }) => fault && backingOf(fault.reconnectUs, key),
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
  away('reconnect, median', 'p50'),
  away('reconnect, p99', 'p99'),
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
  const note = backingNote(
    'Grey',
    runs.flatMap(({ run }) =>
      PHASES.flatMap((phase) =>
        (['p50', 'p99'] as const).map((key) =>
          (run.fault?.[phase][key] ?? null) === null ? null : backingIn(run, phase, key),
        ),
      ),
    ),
  );
  return html`<div class="scroll"><table><thead><tr>${head}</tr></thead><tbody>${rows}</tbody></table></div>${note === null ? null : html`<p class="quiet">${note}</p>`}`;
}

type Phase = (typeof PHASES)[number];

function backingIn(run: Run, phase: Phase, key: 'p50' | 'p99'): Backing | null {
  const stats = phaseStats(phase)(run);
  return stats ? backingOf(stats, key) : null;
}

function phaseRow(run: Run, phase: Phase, server: string | null): Html | null {
  const { fault } = run;
  if (!fault) return null;
  const { deliveries } = fault[phase];
  const cells = (['p50', 'p99', 'max'] as const).map((key) => {
    const us = fault[phase][key];
    const backing = key === 'max' ? null : backingIn(run, phase, key);
    const isGrey = us === null || (backing !== null && !isBacked(backing));
    return cell({
      text: orMissing(us, formatUs, NOT_DEFINED),
      ...(us === null ? {} : { exact: `${us} µs` }),
      ...(isGrey ? { className: 'unsupported' } : {}),
    });
  });
  const name = server === null ? null : html`<td>${server}</td>`;
  return html`<tr>${name}<th scope="row">${term(phase, 'fault')}</th>${cells}${cell({ text: formatCount(deliveries) })}</tr>`;
}
