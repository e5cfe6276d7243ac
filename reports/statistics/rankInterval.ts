import { binOf } from './bins.ts';
import { type Block, FEWEST_BLOCKS } from './blocks.ts';
import { type HistogramView, quantileWithLost, valueAtRank } from './latencyStats.ts';
import { normalQuantile, studentQuantile } from './normal.ts';
import { totalOf } from './slices.ts';

export interface Interval {
  readonly low: number;
  readonly high: number;
}

/** What lies outside of a 95 % interval on either side. */
const TAIL = 0.025;

export interface RankIntervalOptions {
  readonly lost: number;
  /** Messages behind the deliveries. */
  readonly messages: number;
  /** The window in stretches: how far the share below the percentile differs between them. */
  readonly blocks: readonly Block[];
}

/**
 * 95 % interval of a quantile between two ranks (order statistics), read from the histogram of the quantile itself.
 *
 * Ranks are counted in independent observations, and deliveries are not: how many observations they are worth follows
 * from how far the share of deliveries at or below the quantile differs between stretches of the window, never more than
 * there are messages. For messages that know nothing of each other it is the interval of the textbook (Hahn and Meeker,
 * Statistical Intervals, 5.2). Source of the number: Woodruff, JASA 47 (1952), 635-646; of its correction for few
 * stretches: Korn and Graubard, Survey Methodology 24 (1998), 193-201.
 *
 * @returns microseconds; null where there are fewer than 10 stretches, where the upper rank is beyond what was seen, or
 * where it is a delivery that was lost.
 */
export function rankInterval(
  histogram: HistogramView,
  quantile: number,
  { lost, messages, blocks }: RankIntervalOptions,
): Interval | null {
  const value = quantileWithLost(histogram, lost, quantile);
  if (value === null || blocks.length < FEWEST_BLOCKS) return null;
  const n = Math.floor(Math.min(messages, independentObservations(blocks, binOf(value))));
  const ranks = binomialRanks(n, quantile);
  if (ranks === null) return null;
  const all = histogram.totalCount + lost;
  const highRank = Math.ceil((ranks.high / n) * all - 1e-9);
  if (highRank > histogram.totalCount) return null;
  const lowRank = Math.floor(((ranks.low - 1) / n) * all + 1e-9) + 1;
  return { low: valueAtRank(histogram, lowRank), high: valueAtRank(histogram, highRank) };
}

/**
 * How many independent observations would let a share vary as much as it does between the blocks; infinite where it is
 * the same in all.
 * @param bin deliveries in bins up to this one are counted
 */
function independentObservations(blocks: readonly Block[], bin: number): number {
  const parts = blocks.map(({ counts, lost }) => ({
    below: totalOf(counts.subarray(0, bin + 1)),
    all: totalOf(counts) + lost,
  }));
  const all = parts.reduce((sum, part) => sum + part.all, 0);
  const share = parts.reduce((sum, part) => sum + part.below, 0) / all;
  // Variance of a ratio of two sums over clusters (Cochran, Sampling Techniques, 3rd edition, 2.11).
  const squares = parts.reduce((sum, part) => sum + (part.below - share * part.all) ** 2, 0);
  const variance = (squares / all ** 2) * (blocks.length / (blocks.length - 1));
  if (variance === 0) return Number.POSITIVE_INFINITY;
  const fewBlocks = (normalQuantile(TAIL) / studentQuantile(TAIL, blocks.length - 1)) ** 2;
  return ((share * (1 - share)) / variance) * fewBlocks;
}

/**
 * Ranks from 1 of the two of `n` sorted independent observations between which a quantile lies with 95 %.
 * @returns null where either rank would be beyond the observations
 */
export function binomialRanks(n: number, quantile: number): { low: number; high: number } | null {
  const odds = Math.log(quantile / (1 - quantile));
  // Logarithms: 0.5 to the power of 8,000 is no number any more.
  let logTerm = n * Math.log1p(-quantile);
  let cumulative = 0;
  let low = 0;
  for (let k = 0; k < n; k++) {
    cumulative += Math.exp(logTerm);
    if (cumulative <= TAIL) low = k + 1;
    // A hair of slack for the sum of many rounded terms.
    if (cumulative >= 1 - TAIL - 1e-12) return low === 0 ? null : { low, high: k + 1 };
    logTerm += Math.log((n - k) / (k + 1)) + odds;
  }
  return null;
}
