import { upperTail } from '../statistics/normal.ts';

/** Fewest runs on either side: with 3 and 3 no outcome is rarer than 10 %. */
export const FEWEST_RUNS = 4;

/** Above this many values in all the normal approximation stands in for the exact distribution. */
const MOST_EXACT = 60;

/**
 * Two-sided p of the Mann–Whitney U test: how often two samples of one distribution would differ in rank at least as much.
 * Exact, ties included (the permutation distribution of the midranks), up to 60 values in all.
 * Source: Mann and Whitney, Annals of Mathematical Statistics 18 (1947), 50-60. null where either side has too few runs.
 */
export function mannWhitney(a: readonly number[], b: readonly number[]): number | null {
  if (a.length < FEWEST_RUNS || b.length < FEWEST_RUNS) return null;
  const ranks = doubledMidranks([...a, ...b]);
  const seen = ranks.slice(0, a.length).reduce((sum, rank) => sum + rank, 0);
  return ranks.length <= MOST_EXACT ? exact(ranks, a.length, seen) : approximate(ranks, a.length, seen);
}

/** Ranks from 1, ties sharing their mean, times two so that all are whole numbers. */
function doubledMidranks(values: readonly number[]): number[] {
  const sorted = [...values].sort((x, y) => x - y);
  return values.map((value) => sorted.indexOf(value) + sorted.lastIndexOf(value) + 2);
}

function exact(ranks: readonly number[], take: number, seen: number): number {
  const total = ranks.reduce((sum, rank) => sum + rank, 0);
  const ways = subsetsBySum(ranks, take, total);
  const centre = (total * take) / ranks.length;
  const distance = Math.abs(seen - centre);
  let all = 0;
  let asFar = 0;
  ways.forEach((count, sum) => {
    all += count;
    // A hair of slack: the centre is a fraction.
    if (Math.abs(sum - centre) >= distance - 1e-9) asFar += count;
  });
  return asFar / all;
}

/** Number of ways to choose `take` of the ranks, by their sum. */
function subsetsBySum(ranks: readonly number[], take: number, total: number): Float64Array {
  const bySize = Array.from({ length: take + 1 }, () => new Float64Array(total + 1));
  bySize[0][0] = 1;
  for (const rank of ranks) {
    for (let size = take; size >= 1; size--) {
      for (let sum = total; sum >= rank; sum--) bySize[size][sum] += bySize[size - 1][sum - rank];
    }
  }
  return bySize[take];
}

function approximate(ranks: readonly number[], take: number, seen: number): number {
  const n = ranks.length;
  const mean = ranks.reduce((sum, rank) => sum + rank, 0) / n;
  const variance = ranks.reduce((sum, rank) => sum + (rank - mean) ** 2, 0) / (n - 1);
  const deviation = Math.sqrt((variance * take * (n - take)) / n);
  if (deviation === 0) return 1;
  // One step between two rank sums, doubled as the ranks are, halved for continuity.
  const z = Math.max(0, Math.abs(seen - take * mean) - 1) / deviation;
  return 2 * upperTail(z);
}
