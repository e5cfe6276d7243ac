/** An interval that leaves out `rank - 1` values at each end of the sorted ones, and how sure it is. */
export interface RankInterval {
  /** From 1: the interval goes from the value of this rank from below to that of the same rank from above. */
  readonly rank: number;
  /** Share of such intervals that hold the true value, of values without ties. */
  readonly confidence: number;
}

/** What a gate's intervals hold at least. */
export const CONFIDENCE = 0.95;

const known = new Map<number, Float64Array>();

/**
 * Probability of each sum of positive ranks, 0 to n(n+1)/2, of n differences that are as likely above 0 as below: every rank is
 * in the sum or not, each with one half. Exact, by taking in rank after rank.
 * Source: Wilcoxon, Biometrics Bulletin 1 (1945), 80-83; Hollander and Wolfe, Nonparametric Statistical Methods, 3.1.
 */
export function signedRankDistribution(n: number): Float64Array {
  const made = known.get(n);
  if (made) return made;
  const chances = new Float64Array((n * (n + 1)) / 2 + 1);
  chances[0] = 1;
  for (let rank = 1; rank <= n; rank++) {
    const most = (rank * (rank + 1)) / 2;
    for (let sum = most; sum >= 0; sum--) {
      chances[sum] = (chances[sum] + (sum >= rank ? chances[sum - rank] : 0)) / 2;
    }
  }
  known.set(n, chances);
  return chances;
}

/**
 * The narrowest interval between two of the sorted values of an estimate that holds the true one with at least `confidence`;
 * null where even the widest does not.
 * @param distribution of the statistic, 0 to the number of values, symmetric
 */
export function intervalRank(distribution: Float64Array, confidence = CONFIDENCE): RankInterval | null {
  const tail = (1 - confidence) / 2;
  let below = 0;
  let rank = 0;
  // A hair of slack for the sum of rounded terms.
  while (below + distribution[rank] <= tail + 1e-12) below += distribution[rank++];
  return rank === 0 ? null : { rank, confidence: 1 - 2 * below };
}
