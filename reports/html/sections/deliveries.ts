import type { Run } from '../../../contract/result.ts';
import { formatCount, formatRate } from '../../numbers.ts';
import { type Html, html } from '../escape.ts';
import { beside, section } from '../figureSection.ts';
import { type RunFigure, runFigures } from '../runFigures.ts';
import { term, textTable } from '../table.ts';
import type { ReportView } from '../view.ts';

const count = (label: string, of: RunFigure['of']): RunFigure => ({
  label,
  definition: 'ledger',
  of,
  format: formatCount,
});

const FIGURES: readonly RunFigure[] = [
  count('deliveries expected', (run) => run.deliveries?.expected),
  count('received', (run) => run.deliveries?.received),
  count('lost', (run) => (run.publish ? run.deliveries?.lost : null)),
  count('duplicated', (run) => (run.publish ? run.deliveries?.duplicated : null)),
  count('reordered', (run) => (run.publish ? run.deliveries?.reordered : null)),
  count('superseded', (run) => positive(run.deliveries?.superseded)),
  count('unclassified', (run) => positive(run.deliveries?.unclassified)),
  count('without a token of this run', (run) => positive(run.deliveries?.foreign)),
  {
    label: 'deliveries per second',
    definition: 'deliveries-per-second',
    of: (run) => run.deliveries?.perSecond,
    format: formatRate,
    unit: 'per second',
  },
  {
    label: 'deliveries offered',
    definition: 'deliveries-per-second',
    of: (run) => run.deliveries?.offeredPerSecond,
    format: formatRate,
    unit: 'per second',
  },
  {
    label: 'publishes offered',
    definition: 'publish',
    of: (run) => run.publish?.offeredPerSecond,
    format: formatRate,
    unit: 'per second',
  },
  {
    label: 'publishes achieved',
    definition: 'publish',
    of: (run) => run.publish?.achievedPerSecond,
    format: formatRate,
    unit: 'per second',
  },
  { ...count('messages sent', (run) => run.publish?.sent), definition: 'publish' },
  { ...count('refused with 429', (run) => run.publish?.refused), definition: 'publish' },
  { ...count('failed', (run) => run.publish?.failed), definition: 'publish' },
  { ...count('retried on another node', (run) => positive(run.publish?.retried)), definition: 'publish' },
  { ...count('never attempted', (run) => run.publish?.unsent), definition: 'publish' },
];

const CONNECTIONS: readonly RunFigure[] = [
  { ...count('requested', (run) => run.connections.requested), definition: 'connections' },
  { ...count('established', (run) => run.connections.established), definition: 'connections' },
  { ...count('failed', (run) => run.connections.failed), definition: 'connections' },
  { ...count('never attempted', (run) => run.connections.unsent), definition: 'connections' },
  {
    label: 'per second',
    definition: 'connect-rate',
    of: (run) => run.connections.perSecond,
    format: formatRate,
    unit: 'per second',
  },
  { ...count('dropped while live', (run) => run.connections.dropped), definition: 'connections' },
  { ...count('reconnects', (run) => run.connections.reconnects), definition: 'connections' },
  { ...count('replaced by churn', (run) => positive(run.connections.churned)), definition: 'connections' },
  { ...count('given up', (run) => run.connections.gaveUp), definition: 'connections' },
  { ...count('gap events', (run) => run.connections.gaps), definition: 'connections' },
];

/** Every single delivery accounted for, and every connection. */
export function deliveriesSection(view: ReportView): Html | null {
  const ledger = runFigures(view, FIGURES);
  const connections = html`<div><h3>Connections</h3>${runFigures(view, CONNECTIONS)}</div>`;
  return section('Did everything arrive?', [
    ledger
      ? beside(view, [html`<div><h3>${term('Deliveries', 'delivery')}</h3>${ledger}</div>`, connections])
      : connections,
    neverAccepted(view),
    worst(view),
    publishFailures(view),
    failures(view),
  ]);
}

/** A message that no server took is expected all the same: who reads "lost" must know whose loss it is. */
function neverAccepted({ runs }: ReportView): Html | null {
  const sentences = runs.flatMap(({ run, label }) => {
    const { publish, deliveries, plan } = run;
    const messages = publish === null ? 0 : publish.refused + publish.failed + publish.unsent;
    if (!deliveries || deliveries.lost === 0 || messages === 0) return [];
    const about = formatCount(Math.round(messages * plan.fanOut));
    return [
      html`<p>${label}: ${formatCount(messages)} messages were never accepted by a server; their deliveries, about ${about}, are among the lost.</p>`,
    ];
  });
  return sentences.length === 0 ? null : html`<div>${sentences}</div>`;
}

function positive(value: number | undefined): number | null {
  return value !== undefined && value > 0 ? value : null;
}

function worst({ runs }: ReportView): Html | null {
  const rows = runs.flatMap(({ run, label }) => worstRows(run, label));
  return rows.length === 0
    ? null
    : html`<details><summary>Which subscribers and messages lost most</summary>${textTable(['server', 'subscriber or message', 'lost'], rows)}</details>`;
}

function worstRows({ deliveries }: Run, label: string): string[][] {
  if (!deliveries) return [];
  return [
    ...deliveries.worstSlots.map(({ slot, lost }) => [label, `connection ${slot}`, formatCount(lost)]),
    ...deliveries.worstMessages.map(({ stream, seq, lost }) => [
      label,
      `topic ${stream}, message ${seq}`,
      formatCount(lost),
    ]),
  ];
}

function publishFailures({ runs }: ReportView): Html | null {
  const rows = runs.flatMap(({ run, label }) =>
    (run.publish?.failures ?? []).map(({ detail, count: times }) => [label, detail, formatCount(times)]),
  );
  return rows.length === 0 ? null : textTable(['server', 'why a publish failed', 'times'], rows);
}

function failures({ runs }: ReportView): Html | null {
  const rows = runs.flatMap(({ run, label }) =>
    run.connections.failures.map(({ reason, detail, count: times }) => [
      label,
      reason,
      detail,
      formatCount(times),
    ]),
  );
  return rows.length === 0 ? null : textTable(['server', 'why a connection ended', 'detail', 'times'], rows);
}
