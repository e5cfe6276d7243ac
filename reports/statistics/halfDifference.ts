import { seededRandom } from '../../contract/random.ts';
import { BINS, valueOfBin } from './bins.ts';
import type { Block } from './blocks.ts';
import { normalQuantile, studentQuantile } from './normal.ts';
import type { Interval } from './rankInterval.ts';
import { totalOf } from './slices.ts';

const RESAMPLES = 1_000;

/** By how much a quantile of the second half of a window exceeds that of the first, microseconds. */
export interface Difference {
  readonly differenceUs: number;
  readonly interval: Interval;
}

export interface HalfOptions {
  /** Chance that the interval does not hold the difference. */
  readonly alpha: number;
  readonly seed: number;
}

/**
 * Difference of a quantile between two halves of a window, with a bootstrap interval: the blocks of each half, messages
 * with all their deliveries, are drawn again. Percentiles of so few blocks are too narrow, so the interval is stretched
 * about the difference by sqrt(n / (n - 1)) and by Student's t over the normal.
 * Sources: Carlstein, Annals of Statistics 14 (1986), 1171-1179 (blocks that do not overlap); Hesterberg, The American
 * Statistician 69 (2015), 371-386 (the stretching).
 *
 * @returns one per quantile; null where it may be a delivery that was lost
 */
export function halfDifferences(
  halves: readonly [readonly Block[], readonly Block[]],
  quantiles: readonly number[],
  { alpha, seed }: HalfOptions,
): (Difference | null)[] {
  const bins = usedBins(halves.flat());
  const [first, second] = halves.map((half) => half.map((block) => packed(block, bins)));
  const random = seededRandom(seed);
  const quantilesOf = (blocks: readonly PackedBlock[]) => quantilesOfSum(blocks, bins, quantiles);
  const [before, after] = [quantilesOf(first), quantilesOf(second)];
  const drawn = quantiles.map(() => new Float64Array(RESAMPLES));
  for (let i = 0; i < RESAMPLES; i++) {
    const left = quantilesOf(redrawn(first, random));
    const right = quantilesOf(redrawn(second, random));
    for (let q = 0; q < quantiles.length; q++) drawn[q][i] = right[q] - left[q];
  }
  const stretch = stretchOf(first.length, second.length, alpha);
  return quantiles.map((_, q) => {
    const differenceUs = after[q] - before[q];
    if (Number.isNaN(differenceUs) || drawn[q].includes(Number.NaN)) return null;
    const sorted = drawn[q].sort();
    const end = (share: number) =>
      differenceUs + (sorted[Math.round(share * (RESAMPLES - 1))] - differenceUs) * stretch;
    return { differenceUs, interval: { low: end(alpha / 2), high: end(1 - alpha / 2) } };
  });
}

function stretchOf(first: number, second: number, alpha: number): number {
  const fewer = Math.min(first, second);
  const t = studentQuantile(alpha / 2, first + second - 2) / normalQuantile(alpha / 2);
  return Math.sqrt(fewer / (fewer - 1)) * t;
}

/** Counts in the bins that the window uses at all, which are a few of many. */
interface PackedBlock {
  readonly counts: Float64Array;
  readonly all: number;
}

function usedBins(blocks: readonly Block[]): number[] {
  return Array.from({ length: BINS }, (_, bin) => bin).filter((bin) =>
    blocks.some(({ counts }) => counts[bin] > 0),
  );
}

function packed({ counts, lost }: Block, bins: readonly number[]): PackedBlock {
  return { counts: Float64Array.from(bins, (bin) => counts[bin]), all: totalOf(counts) + lost };
}

function redrawn(blocks: readonly PackedBlock[], random: () => number): PackedBlock[] {
  return blocks.map(() => blocks[Math.floor(random() * blocks.length)]);
}

/** NaN for a quantile that is a lost delivery. */
function quantilesOfSum(
  blocks: readonly PackedBlock[],
  bins: readonly number[],
  quantiles: readonly number[],
): number[] {
  const sum = new Float64Array(bins.length);
  let all = 0;
  for (const { counts, all: ofBlock } of blocks) {
    for (let i = 0; i < sum.length; i++) sum[i] += counts[i];
    all += ofBlock;
  }
  return quantiles.map((quantile) => {
    const rank = Math.max(1, Math.ceil(quantile * all - 1e-9));
    let seen = 0;
    for (let i = 0; i < sum.length; i++) {
      seen += sum[i];
      if (seen >= rank) return valueOfBin(bins[i]);
    }
    return Number.NaN;
  });
}
