import type { SteadyState } from '../../contract/resultTrust.ts';
import { BLOCKS, type Block } from './blocks.ts';
import { type Difference, halfDifferences } from './halfDifference.ts';
import { mannKendall } from './mannKendall.ts';
import { quantileOfBins } from './slices.ts';
import { messagesNeeded } from './support.ts';
import { theilSen } from './theilSen.ts';

/** Three tests, each allowed a third of the false alarms that are allowed in all (Bonferroni). */
export const ALPHA = 0.05 / 3;

/** Nobody cares for a change by less than this, or by less than a fifth. */
const LEAST_US = 500;
const LEAST_SHARE = 0.2;

/** p50 and p99 of each half of a window, microseconds. */
export interface Halves {
  readonly first: { readonly p50: number | null; readonly p99: number | null };
  readonly second: { readonly p50: number | null; readonly p99: number | null };
}

/** A change that is clear and matters. */
export interface Unsettled {
  readonly what: 'p50' | 'p99' | 'trend';
  readonly changeUs: number;
  /** What it had to exceed to matter. */
  readonly boundUs: number;
}

export interface SteadyInput {
  readonly blocks: readonly Block[];
  readonly halves: Halves;
  readonly messages: number;
  readonly windowSeconds: number;
  readonly seed: number;
}

export const NOT_JUDGED: SteadyState = {
  verdict: 'not judged',
  halves: { p50: null, p99: null },
  trend: null,
};

/**
 * Whether latency had settled: p50 and p99 of the first half of the window against those of the second, and the trend of
 * the medians of its 20 stretches. In simulated windows without any change whose memory is up to a hundredth of their
 * length, at most 5 in 100 are called unsettled; see `steadyState.test.ts`.
 */
export function steadyState({ blocks, halves, messages, windowSeconds, seed }: SteadyInput): SteadyState {
  // Every block of either half needs something in it.
  if (blocks.length < BLOCKS) return { ...NOT_JUDGED, verdict: 'not told' };
  const middle = blocks.length / 2;
  const [p50, p99] = halfDifferences([blocks.slice(0, middle), blocks.slice(middle)], [0.5, 0.99], {
    alpha: ALPHA,
    seed,
  });
  // A p99 that a half's messages do not support moves about for no reason.
  const figures = {
    halves: { p50, p99: messages / 2 >= messagesNeeded(0.99) ? p99 : null },
    trend: trendOf(blocks, windowSeconds),
  };
  const isTold = figures.halves.p50 !== null || figures.trend !== null;
  const verdict = !isTold
    ? 'not told'
    : unsettledBy(figures, halves).length > 0
      ? 'no steady state'
      : 'steady';
  return { verdict, ...figures };
}

/** null: in a block more than half was lost, and a median that is not defined has no trend. */
function trendOf(blocks: readonly Block[], windowSeconds: number): SteadyState['trend'] {
  const points = blocks.flatMap(({ counts, lost, at }) => {
    const y = quantileOfBins(counts, 0.5, lost);
    return y === null ? [] : [{ x: at * windowSeconds, y }];
  });
  const line = points.length < blocks.length ? null : theilSen(points);
  if (line === null) return null;
  return {
    slices: points.length,
    slopeUsPerSecond: line.slope,
    changeUs: line.slope * windowSeconds,
    p: mannKendall(points.map(({ y }) => y)),
  };
}

/** What had not settled, of the figures of a result: clear by its test, and larger than what matters; the largest first. */
export function unsettledBy(
  { halves: differences, trend }: Pick<SteadyState, 'halves' | 'trend'>,
  { first }: Halves,
): Unsettled[] {
  const found: Unsettled[] = [];
  const add = (what: Unsettled['what'], changeUs: number, beforeUs: number | null) => {
    const boundUs = Math.max(LEAST_US, (beforeUs ?? 0) * LEAST_SHARE);
    if (Math.abs(changeUs) > boundUs) found.push({ what, changeUs, boundUs });
  };
  for (const what of ['p50', 'p99'] as const) {
    const difference = differences[what];
    if (difference !== null && isClear(difference)) add(what, difference.differenceUs, first[what]);
  }
  if (trend !== null && trend.p < ALPHA) add('trend', trend.changeUs, first.p50);
  return found.sort((a, b) => Math.abs(b.changeUs) / b.boundUs - Math.abs(a.changeUs) / a.boundUs);
}

function isClear({ interval }: Pick<Difference, 'interval'>): boolean {
  return interval.low > 0 || interval.high < 0;
}
