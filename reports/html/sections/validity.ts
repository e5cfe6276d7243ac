import type { LatencyStats, Run, ValidityReason } from '../../../contract/result.ts';
import type { DefinitionId } from '../../definitions.ts';
import {
  formatCount,
  formatRate,
  formatShare,
  formatUs,
  NOT_MEASURED,
  orMissing,
  significant,
} from '../../numbers.ts';
import { backingOf, isBacked } from '../../percentiles.ts';
import { reasonFigure } from '../../reasonFigure.ts';
import { startCommand } from '../../startCommand.ts';
import { differenceText, steadyVerdict, trendText } from '../../steadyText.ts';
import { type Html, html } from '../escape.ts';
import { figureTable, textTable } from '../table.ts';
import type { ReportView } from '../view.ts';

/** Is it true? Reasons with figure, bound and advice; what speaks for the figures; what was not measured. */
export function validitySection(view: ReportView): Html {
  const { runs, result } = view;
  const reasons = runs.flatMap(({ run, label }) =>
    run.validity.reasons.map((reason) => reasonItem(reason, runs.length > 1 ? label : null)),
  );
  const list =
    reasons.length > 0
      ? html`<ul class="reasons">${reasons}</ul>`
      : html`<p>No rule of <a href="#def-validity">validity</a> fired.</p>`;
  return html`<section id="validity"><h2>Is it true?</h2>${status(
    result.status,
    runs.map(({ run }) => run),
  )}${list}
${evidenceTable(view)}
${placement(view)}
${notMeasured(view)}</section>`;
}

function status(state: string, runs: readonly Run[]): Html | null {
  if (state !== 'aborted') return null;
  const why = runs.flatMap(({ abortReason }) => (abortReason ? [abortReason] : [])).join('; ');
  return html`<p><span class="verdict INVALID">Aborted</span>${why ? `: ${why}` : ''}. What follows is what had been measured by then.</p>`;
}

function reasonItem(reason: ValidityReason, label: string | null): Html {
  const { code, verdict, families, message, advice } = reason;
  const owner = label ? html`${label}: ` : null;
  return html`<li><span class="verdict ${verdict}">${verdict}</span> (${families.join(', ')}) ${owner}${message}
<br><span class="quiet">${reasonFigure(reason)} (rule <a href="#def-validity">${code}</a>). ${advice}</span></li>`;
}

/** On one machine the two compete for its cores: said in every report, unless the target is elsewhere. */
function placement({ runs }: ReportView): Html {
  if (runs.some(({ run }) => isElsewhere(run))) {
    return html`<p>The server ran elsewhere: its CPU and memory are not in these figures unless they say so, and the network between is in every latency.</p>`;
  }
  return html`<p>Server and generator ran on one machine and shared its cores: these figures are <em>co-located</em>. On loopback the sender is also charged for the receiver’s half of the kernel path.</p>`;
}

/** A server that is started by the run is on this machine. */
function isElsewhere(run: Run): boolean {
  return run.plan.target !== null && startCommand(run) === null && !isLoopback(run.plan.target);
}

function isLoopback(address: string): boolean {
  const hostname = URL.parse(address)?.hostname ?? '';
  return hostname === 'localhost' || hostname === '[::1]' || hostname.startsWith('127.');
}

interface Evidence {
  readonly label: string;
  readonly definition: DefinitionId | null;
  readonly of: (run: Run) => string | null;
}

const EVIDENCE: readonly Evidence[] = [
  { label: 'probe and bulk', definition: 'probe', of: ({ probe }) => probeText(probe) },
  {
    label: 'probe median, neighbours’ median',
    definition: 'probe',
    of: ({ probe }) => (probe && probe.p50Us !== null ? pair(probe.p50Us, probe.neighbourP50Us) : null),
  },
  {
    label: 'p50, first and second half',
    definition: 'steady-state',
    of: ({ halves }) => (halves ? pair(halves.first.p50, halves.second.p50) : null),
  },
  {
    label: 'p99, first and second half',
    definition: 'steady-state',
    of: ({ halves, latencyUs }) =>
      halves ? `${pair(halves.first.p99, halves.second.p99)}${fewIn(latencyUs, 0.5)}` : null,
  },
  {
    label: 'steady state',
    definition: 'steady-state',
    of: ({ steadyState }) => steadyState && steadyVerdict(steadyState),
  },
  {
    label: 'p50, second half less first',
    definition: 'steady-state',
    of: ({ steadyState }) => steadyState && differenceText(steadyState.halves.p50),
  },
  {
    label: 'p99, second half less first',
    definition: 'steady-state',
    of: ({ steadyState }) => steadyState && differenceText(steadyState.halves.p99),
  },
  {
    label: 'trend of the median',
    definition: 'steady-state',
    of: ({ steadyState }) => steadyState && trendText(steadyState.trend),
  },
  {
    label: 'send lag, p99',
    definition: 'send-lag',
    of: ({ latencyUs }) =>
      latencyUs ? `${us(latencyUs.sendLag.p99)}${fewIn({ delivery: latencyUs.sendLag }, 1)}` : null,
  },
  {
    label: 'publishes achieved of offered',
    definition: 'publish',
    of: ({ publish }) =>
      publish ? `${significant(publish.achievedPerSecond)} of ${formatRate(publish.offeredPerSecond)}` : null,
  },
  {
    label: 'drain',
    definition: 'ledger',
    of: ({ deliveries }) =>
      deliveries
        ? `${formatUs(deliveries.drainMs * 1000)}${deliveries.drainBoundHit ? ', bound hit' : ''}`
        : null,
  },
  {
    label: 'ledger',
    definition: 'ledger',
    of: ({ deliveries }) => (deliveries ? (deliveries.exact ? 'exact' : 'windowed, not exact') : null),
  },
  {
    label: 'softirq of the host',
    definition: 'cpu-per-delivery',
    of: ({ cpu }) => (cpu.hostSoftirqShare === null ? null : formatShare(cpu.hostSoftirqShare)),
  },
];

/** What speaks for the figures, or against them: a column per run. */
function evidenceTable({ runs }: ReportView): Html | null {
  const rows = EVIDENCE.flatMap(({ label, definition, of }) => {
    const texts = runs.map(({ run }) => of(run));
    if (texts.every((text) => text === null)) return [];
    return [{ label, definition, cells: texts.map((text) => ({ text: text ?? NOT_MEASURED })) }];
  });
  return rows.length === 0
    ? null
    : figureTable(
        runs.map(({ label }) => label),
        rows,
      );
}

function probeText(probe: Run['probe']): string | null {
  if (!probe || probe.connections === 0) return null;
  if (probe.agrees === null) return 'too little to compare';
  return `${probe.agrees ? 'agree' : 'disagree'} within ${us(probe.boundUs)}`;
}

/** Said behind a p99 of a part of the messages that does not support one. */
function fewIn(
  latencyUs: { readonly delivery: Pick<LatencyStats, 'messages'> } | null,
  part: number,
): string {
  const messages = Math.floor((latencyUs?.delivery.messages ?? 0) * part);
  const backing = backingOf({ messages }, 'p99');
  return backing === null || isBacked(backing) ? '' : ` (of only ${formatCount(messages)} messages)`;
}

function pair(first: number | null, second: number | null): string {
  return `${us(first)}, ${us(second)}`;
}

function us(value: number | null): string {
  return orMissing(value, formatUs, 'not defined');
}

function notMeasured({ runs }: ReportView): Html | null {
  const rows = runs.flatMap(({ run }) => run.notMeasured.map(({ what, why }) => `${what}\n${why}`));
  if (rows.length === 0) return null;
  const distinct = [...new Set(rows)].map((row) => row.split('\n'));
  return html`<h3>Not measured</h3>${textTable(['what', 'why'], distinct)}`;
}
