import { rankSumDistribution } from './rankSum.ts';
import { intervalRank, type RankInterval, signedRankDistribution } from './signedRank.ts';

/** Where differences lie, and the interval that holds it. */
export interface Shift {
  readonly at: number;
  readonly low: number;
  readonly high: number;
  /** That the interval has: at least 0.95. */
  readonly confidence: number;
}

/**
 * Hodges-Lehmann estimate of the centre of differences, the median of their Walsh averages, and the interval that the signed-rank
 * test does not reject. null below 6 differences: no interval of them has 95 %.
 * Source: Hodges and Lehmann, Annals of Mathematical Statistics 34 (1963), 598-611; Hollander and Wolfe, 3.2 and 3.3.
 */
export function shiftOfDifferences(differences: readonly number[]): Shift | null {
  const interval = intervalRank(signedRankDistribution(differences.length));
  return interval && shiftOf(walshAverages(differences), interval);
}

/**
 * Hodges-Lehmann estimate of how much further up the second of two independent samples lies, the median of all differences between
 * them, and the interval that the rank-sum test does not reject. null where no interval has 95 %, as of 3 and 3 values.
 * Source: as above; Hollander and Wolfe, 4.2 and 4.3.
 */
export function shiftOfSamples(from: readonly number[], to: readonly number[]): Shift | null {
  const interval = intervalRank(rankSumDistribution(from.length, to.length));
  return (
    interval &&
    shiftOf(
      to.flatMap((b) => from.map((a) => b - a)),
      interval,
    )
  );
}

/** The mean of each two, each with itself included. */
export function walshAverages(values: readonly number[]): number[] {
  return values.flatMap((value, i) => values.slice(i).map((other) => (value + other) / 2));
}

function shiftOf(values: readonly number[], { rank, confidence }: RankInterval): Shift {
  const sorted = Float64Array.from(values).sort();
  return {
    at: median(sorted),
    low: sorted[rank - 1],
    high: sorted[sorted.length - rank],
    confidence,
  };
}

function median(sorted: Float64Array): number {
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}
