import type { LatencyStats, Polling, Run } from '../../../contract/result.ts';
import type { StyledRun } from '../../charts/chart.ts';
import { formatBytes, formatCount, formatRate, formatShare, formatUs, significant } from '../../numbers.ts';
import { backingOf } from '../../percentiles.ts';
import { type Html, html } from '../escape.ts';
import { section } from '../figureSection.ts';
import { type RunFigure, runFigures } from '../runFigures.ts';
import type { ReportView } from '../view.ts';

type Of<T> = (polling: Polling) => T;

const time = (label: string, definition: RunFigure['definition'], of: Of<number | null>): RunFigure => ({
  label,
  definition,
  of: ({ polling }) => polling && of(polling),
  format: formatUs,
  unit: 'µs',
});
const percentile = (
  label: string,
  definition: RunFigure['definition'],
  of: Of<LatencyStats>,
  key: 'p50' | 'p99',
): RunFigure => ({
  ...time(label, definition, (polling) => of(polling)[key]),
  backing: ({ polling }) => polling && backingOf(of(polling), key),
});
const count = (label: string, of: Of<number>): RunFigure => ({
  label,
  definition: 'poll-schedule',
  of: ({ polling }) => polling && of(polling),
  format: formatCount,
});

const latency = (label: string, of: RunFigure['of']): RunFigure => ({
  label,
  definition: 'poll-latency',
  of: (run) => (run.polling ? of(run) : null),
  format: formatUs,
  unit: 'µs',
});

const FIGURES: readonly RunFigure[] = [
  {
    label: 'polls sent per second by the load clients',
    definition: 'poll-schedule',
    of: ({ polling }) => polling?.sentPerSecond,
    format: formatRate,
    unit: 'per second',
  },
  {
    label: 'poll interval of a client',
    definition: 'poll-latency',
    of: (run) => waitUs(run, 1),
    format: formatUs,
    missing: 'held',
    unit: 'µs',
  },
  latency('delivery latency, mean', (run) => run.latencyUs?.delivery.mean),
  {
    ...latency('of it, the wait for the next poll: interval / 2', (run) => waitUs(run, 0.5)),
    missing: 'none',
  },
  {
    ...latency('delivery latency, p99', (run) => run.latencyUs?.delivery.p99),
    backing: ({ latencyUs }) => latencyUs && backingOf(latencyUs.delivery, 'p99'),
  },
  {
    ...latency('of it, the wait for the next poll: 0.99 × interval', (run) => waitUs(run, 0.99)),
    missing: 'none',
  },
  {
    label: 'wasted polls',
    definition: 'wasted-polls',
    of: ({ polling }) => polling?.wastedRatio,
    format: formatShare,
  },
  {
    label: 'messages per stream and poll interval',
    definition: 'wasted-polls',
    of: ({ polling }) => polling?.eventsPerPollInterval,
    format: significant,
    missing: 'held',
  },
  {
    label: 'connection reuse',
    definition: 'connection-reuse',
    of: ({ polling }) => polling?.connectionReuseRatio,
    format: formatShare,
  },
  {
    label: 'bytes per empty poll',
    definition: 'empty-poll-bytes',
    of: ({ polling }) => polling?.bytesPerEmptyPoll,
    missing: 'none was empty',
    format: formatBytes,
    unit: 'bytes',
  },
  percentile('round trip, median', 'poll-round-trip', ({ roundTripUs }) => roundTripUs, 'p50'),
  percentile('round trip, p99', 'poll-round-trip', ({ roundTripUs }) => roundTripUs, 'p99'),
  {
    ...percentile('schedule error, median', 'poll-schedule', (polling) => polling.scheduleErrorUs, 'p50'),
    missing: 'held',
  },
  {
    ...percentile('schedule error, p99', 'poll-schedule', (polling) => polling.scheduleErrorUs, 'p99'),
    missing: 'held',
  },
  count('polls sent', ({ sent }) => sent),
  count('answered', ({ answered }) => answered),
  count('answered with nothing new', ({ empty }) => empty),
  count('failed', ({ failed }) => failed),
  count('skipped, the one before still under way', ({ skipped }) => skipped),
];

/**
 * What asking costs: how often in vain, over how many connections, and what the wait for the next poll adds.
 * @param note said first
 */
export function pollingSection(view: ReportView, note: Html | null = null): Html | null {
  const polled = view.runs.filter(({ run }) => run.polling);
  if (polled.length === 0) return null;
  return section('What does asking cost?', [
    note,
    runFigures({ ...view, runs: polled }, FIGURES),
    waitNote(polled),
    wastedNote(polled.map(({ run }) => run)),
  ]);
}

/** A held request is answered when there is something to tell: its client never waits for its own next poll. */
function isHeld({ polling }: Run): boolean {
  return polling?.intervalMs === 0;
}

/** A share of the interval as a wait; null where requests are held. */
function waitUs(run: Run, share: number): number | null {
  return isHeld(run) || !run.polling ? null : run.polling.intervalMs * 1000 * share;
}

function waitNote(runs: readonly StyledRun[]): Html {
  const held = runs.filter(({ run }) => isHeld(run)).map(({ label }) => label);
  const intervals = new Set(runs.flatMap(({ run }) => waitUs(run, 1) ?? []));
  const notes = [...intervals].map(
    (us) =>
      html`<p>Delivery latency includes the wait for the next poll. With an interval of ${formatUs(us)} and a random phase it is uniform on [0, ${formatUs(us)}]: ${formatUs(us / 2)} in the mean and ${formatUs(us * 0.99)} at p99, and the round trip comes on top.</p>`,
  );
  const heldNote =
    held.length === 0
      ? null
      : html`<p>${held.join(', ')}: the server holds each request until there is something to tell, so there is no wait for the next poll, and the round trip is mostly the time for which it was held.</p>`;
  return html`${notes}${heldNote}`;
}

function wastedNote(runs: readonly Run[]): Html | null {
  const told = runs.find(({ polling }) => polling && polling.eventsPerPollInterval !== null);
  const events = told?.polling?.eventsPerPollInterval;
  if (events === null || events === undefined) return null;
  const [even, random] = [Math.max(0, 1 - events), Math.exp(-events)];
  return html`<p class="quiet">The share of wasted polls is that of this event rate and of no other: at ${significant(events)} messages per stream and interval, ${formatShare(even)} must be in vain where messages come evenly, ${formatShare(random)} where they come at random.</p>`;
}
