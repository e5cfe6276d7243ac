import { median } from '../statistics/theilSen.ts';

/** What the ends of an interval are; each is named wherever an interval is shown. */
export type IntervalKind =
  /** Lowest and highest of 2 to 5 runs. */
  | 'range'
  /** 95 % interval of the median, from 6 runs on. */
  | 'median95'
  /** 92 % interval of the slope over the levels of one memory ramp. */
  | 'levels'
  /** One search for a ceiling: how far two searches of one server lie apart, or up to the lowest rate that failed. */
  | 'search'
  /** A search in which no rate failed, or only by the generator's lateness: no upper end is known, so `high` is infinite. */
  | 'atLeast';

/** A figure of one server over its runs. */
export interface Estimate {
  /** Median of the runs. */
  readonly value: number;
  /** null: nothing is known about how far it varies. */
  readonly interval: { readonly low: number; readonly high: number; readonly kind: IntervalKind } | null;
  /** Figure of each run that measured it. */
  readonly values: readonly number[];
}

/** Fewest runs for which an interval of the median reaches 95 %. */
export const FEWEST_FOR_95 = 6;

/**
 * Median of some runs with its interval; null for none. From 6 runs on it is the distribution-free interval of the median
 * between two order statistics, below that the range, since no interval of so few reaches 95 %.
 * Source: Hahn and Meeker, Statistical Intervals, 5.2; benchstat does the same.
 */
export function estimate(values: readonly number[]): Estimate | null {
  if (values.length === 0) return null;
  const sorted = [...values].sort((a, b) => a - b);
  return { value: median(values), interval: intervalOf(sorted), values };
}

function intervalOf(sorted: readonly number[]): Estimate['interval'] {
  if (sorted.length < 2) return null;
  const kind = sorted.length < FEWEST_FOR_95 ? 'range' : 'median95';
  const rank = kind === 'range' ? 0 : innermostRank(sorted.length);
  return { low: sorted[rank] ?? 0, high: sorted[sorted.length - 1 - rank] ?? 0, kind };
}

/** Index from either end of the narrowest pair of order statistics that holds the median with 95 %. */
function innermostRank(n: number): number {
  let term = 0.5 ** n;
  let below = term;
  let rank = 0;
  // below = P(Binomial(n, 1/2) <= rank); the pair misses the median with twice that.
  for (let k = 1; k < n / 2; k++) {
    term *= (n - k + 1) / k;
    below += term;
    if (2 * below > 0.05) break;
    rank = k;
  }
  return rank;
}

/** True where the two intervals have no point in common; false where one of them is not known. */
export function areApart(a: Estimate, b: Estimate): boolean {
  if (!a.interval || !b.interval) return false;
  return a.interval.low > b.interval.high || b.interval.low > a.interval.high;
}
