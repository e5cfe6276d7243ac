import type { Run, Verdict } from '../../contract/result.ts';
import { formatRateOf } from '../numbers.ts';
import { perSubscriber } from '../runShape.ts';
import { METRIC } from './comparisonMetrics.ts';
import { type Figure, figureOf, figuresOf, usableRuns } from './figures.ts';
import type { ComparisonMetric } from './metric.ts';
import { type ServerGroup, verdictOf } from './serverGroup.ts';

/** A question that the comparison answers in words. */
export interface Criterion {
  readonly metric: ComparisonMetric;
  /** `delivers soonest`, after the winner's name. */
  readonly wins: string;
  /** What the figure is called in a sentence. */
  readonly about: string;
  /** The figure with as much of its name as a headline needs. */
  readonly quote: (value: number) => string;
  /** Scenario that measures it alone, or the same again. */
  readonly scenario: 'same' | 'idle' | 'ceiling';
  readonly figures: readonly Figure[];
  /** Servers that were measured and yet have no figure. */
  readonly missing: readonly Missing[];
}

/** A server of which no rate kept the objective, or that lost more than a percentile leaves out. */
export interface Missing {
  readonly group: ServerGroup;
  readonly verdict: Verdict;
}

/** Clients that ask on an interval wait for the next poll, whatever the server does. */
export function isIntervalPolled(group: ServerGroup): boolean {
  return pollIntervalUs(group) > 0;
}

/** Time between two polls of a client; 0 where it is pushed to, or its requests are held. */
export function pollIntervalUs({ runs }: ServerGroup): number {
  return Math.max(0, ...runs.map(({ polling }) => (polling?.intervalMs ?? 0) * 1_000));
}

/** Share of a server's deliveries that were overtaken before a client saw them: an answer shows the newest state alone. */
export function overtakenShare({ runs }: ServerGroup): number {
  const sum = (of: (ledger: NonNullable<Run['deliveries']>) => number) =>
    runs.reduce((total, { deliveries }) => total + (deliveries ? of(deliveries) : 0), 0);
  return (
    sum(({ superseded }) => superseded) /
    Math.max(
      1,
      sum(({ received }) => received),
    )
  );
}

/** More than this share overtaken: what a delivery costs is no longer what a message on the wire costs. */
const MOST_OVERTAKEN = 0.01;

export function showsStates(group: ServerGroup): boolean {
  return overtakenShare(group) > MOST_OVERTAKEN;
}

/** Figures of one delivery, which a state that was overtaken has none of. */
const PER_DELIVERY: ReadonlySet<string> = new Set(
  [METRIC.cpu, METRIC.syscalls, METRIC.wire, METRIC.roiLoad, METRIC.roiObjective, METRIC.moneyDeliveries].map(
    ({ id }) => id,
  ),
);

/** False where a server's figure means another thing than its neighbours': it is shown, and never compared. */
export function isComparable(group: ServerGroup, metric: ComparisonMetric): boolean {
  if (metric.definition === 'delivery-latency') return !isIntervalPolled(group);
  return !(PER_DELIVERY.has(metric.id) && showsStates(group));
}

/** The questions in the order of their weight; each with the figures that there are. */
export function criteria(groups: readonly ServerGroup[]): Criterion[] {
  const pushed = groups.filter((group) => isComparable(group, METRIC.p99));
  const latency = latencyMetric(pushed);
  const runs = groups.flatMap((group) => group.runs);
  const ask = (metric: ComparisonMetric, words: Words): Criterion => {
    const compared = groups.filter((group) => isComparable(group, metric));
    const missing = compared.flatMap((group) => missingOf(group, metric));
    return { metric, ...words, figures: figuresOf(compared, metric), missing };
  };
  return [
    ask(METRIC.recovery, {
      wins: 'is back soonest',
      about: 'the time to recover',
      quote: (value) => METRIC.recovery.format(value),
      scenario: 'same',
    }),
    ask(METRIC.ceiling, {
      wins: 'carries most at its ceiling',
      about: 'ceiling',
      quote: (value) => formatRateOf(value, 'deliveries'),
      scenario: 'ceiling',
    }),
    ask(latency, {
      wins: 'delivers soonest',
      about: latency.id,
      quote: (value) => `${latency.id} ${latency.format(value)}`,
      scenario: 'same',
    }),
    ask(METRIC.memory, {
      wins: 'takes the least memory',
      about: perSubscriber('memory per connection', runs),
      quote: (value) => perSubscriber(`${METRIC.memory.format(value)} per connection`, runs),
      scenario: 'idle',
    }),
    ask(METRIC.cpu, {
      wins: 'spends the least CPU',
      about: 'CPU per delivery',
      quote: (value) => `${METRIC.cpu.format(value)} per delivery`,
      scenario: 'same',
    }),
    ask(METRIC.roiCeiling, {
      wins: 'gives most for its memory',
      about: 'ROI 1 at the ceiling',
      quote: (value) => `ROI 1 ${METRIC.roiCeiling.format(value)}`,
      scenario: 'ceiling',
    }),
  ];
}

function missingOf(group: ServerGroup, metric: ComparisonMetric): Missing[] {
  if (figureOf(group, metric) !== null) return [];
  const isCeiling = metric.id === METRIC.ceiling.id;
  const measured = group.runs.filter((run) => metric.of(run) !== null || (isCeiling && run.ceiling !== null));
  if (measured.length === 0) return [];
  return [{ group, verdict: verdictOf(usableRuns(measured, metric.family), metric.family) }];
}

type Words = Pick<Criterion, 'wins' | 'about' | 'quote' | 'scenario'>;

/** p99 where the messages of every server support it, else the highest percentile that they do. */
function latencyMetric(groups: readonly ServerGroup[]): ComparisonMetric {
  const supported = [METRIC.p99, METRIC.p95].find((metric) =>
    figuresOf(groups, metric).every(({ isSupported }) => isSupported),
  );
  return supported ?? METRIC.p50;
}
