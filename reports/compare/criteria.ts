import { formatRateOf } from '../numbers.ts';
import { type ComparisonMetric, METRIC } from './comparisonMetrics.ts';
import { type Figure, figuresOf } from './figures.ts';
import type { ServerGroup } from './serverGroup.ts';

/** A question that the comparison answers in words. */
export interface Criterion {
  readonly metric: ComparisonMetric;
  /** `delivers soonest`, after the winner's name. */
  readonly wins: string;
  /** What the figure is called in a sentence. */
  readonly about: string;
  /** The figure with as much of its name as a headline needs. */
  readonly quote: (value: number) => string;
  /** Scenario that measures it alone. */
  readonly scenario: 'steady' | 'idle' | 'ceiling';
  readonly figures: readonly Figure[];
}

/** Clients that ask on an interval wait for the next poll, whatever the server does. */
export function isIntervalPolled({ runs }: ServerGroup): boolean {
  return runs.some(({ polling }) => polling !== null && polling.intervalMs > 0);
}

/** The questions in the order of their weight; each with the figures that there are. */
export function criteria(groups: readonly ServerGroup[]): Criterion[] {
  const pushed = groups.filter((group) => !isIntervalPolled(group));
  const latency = latencyMetric(pushed);
  const ask = (metric: ComparisonMetric, among: readonly ServerGroup[], words: Words): Criterion => ({
    metric,
    ...words,
    figures: figuresOf(among, metric),
  });
  return [
    ask(METRIC.ceiling, groups, {
      wins: 'carries most at its ceiling',
      about: 'ceiling',
      quote: (value) => formatRateOf(value, 'deliveries'),
      scenario: 'ceiling',
    }),
    ask(latency, pushed, {
      wins: 'delivers soonest',
      about: latency.id,
      quote: (value) => `${latency.id} ${latency.format(value)}`,
      scenario: 'steady',
    }),
    ask(METRIC.memory, groups, {
      wins: 'takes the least memory',
      about: 'memory per connection',
      quote: (value) => `${METRIC.memory.format(value)} per connection`,
      scenario: 'idle',
    }),
    ask(METRIC.cpu, groups, {
      wins: 'spends the least CPU',
      about: 'CPU per delivery',
      quote: (value) => `${METRIC.cpu.format(value)} per delivery`,
      scenario: 'steady',
    }),
    ask(METRIC.roiCeiling, groups, {
      wins: 'gives most for its memory',
      about: 'ROI 1 at the ceiling',
      quote: (value) => `ROI 1 ${METRIC.roiCeiling.format(value)}`,
      scenario: 'ceiling',
    }),
  ];
}

type Words = Pick<Criterion, 'wins' | 'about' | 'quote' | 'scenario'>;

/** p99 where the messages of every server support it, else the highest percentile that they do. */
function latencyMetric(groups: readonly ServerGroup[]): ComparisonMetric {
  const supported = [METRIC.p99, METRIC.p95].find((metric) =>
    figuresOf(groups, metric).every(({ isSupported }) => isSupported),
  );
  return supported ?? METRIC.p50;
}
