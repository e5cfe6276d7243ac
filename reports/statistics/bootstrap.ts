import { seededRandom } from '../../contract/random.ts';
import { BINS } from './bins.ts';
import { quantileOfBins, type Slices, sumRows, totalOf } from './slices.ts';

export interface Interval {
  readonly low: number;
  readonly high: number;
}

/**
 * 95 % percentile-bootstrap intervals of quantiles. What is drawn again are slices of the window, that is, blocks of
 * consecutive messages with all their deliveries: deliveries of one message are not independent, and neighbours in
 * time share their weather. Source: Kuensch, The Jackknife and the Bootstrap for General Stationary Observations (1989).
 *
 * @param options.lost lost deliveries by slice, each later than any that came; without it none was lost
 * @returns one interval per quantile, microseconds; null where fewer than 10 slices hold anything, or where the quantile
 * may be a delivery that was lost.
 */
export function bootstrapIntervals(
  slices: Slices,
  quantiles: readonly number[],
  options: { readonly seed: number; readonly resamples?: number; readonly lost?: Float64Array },
): (Interval | null)[] {
  const filled = filledRows(slices, options.lost);
  if (filled.length < 10) return quantiles.map(() => null);
  const resamples = options.resamples ?? 400;
  // Seeded: the same result file always gives the same interval.
  const random = seededRandom(options.seed);
  const drawn = quantiles.map(() => [] as number[]);
  for (let i = 0; i < resamples; i++) {
    const sum = new Float64Array(BINS);
    let lost = 0;
    for (let k = 0; k < filled.length; k++) {
      const row = filled[Math.floor(random() * filled.length)];
      for (let j = 0; j < row.bins.length; j++) sum[row.bins[j]] += row.counts[j];
      lost += row.lost;
    }
    quantiles.forEach((quantile, q) => {
      drawn[q].push(quantileOfBins(sum, quantile, lost) ?? Number.POSITIVE_INFINITY);
    });
  }
  return drawn.map(percentileInterval);
}

interface FilledRow {
  readonly bins: number[];
  readonly counts: number[];
  readonly lost: number;
}

/** Rows that hold anything, in sparse form: most bins of a row are empty. */
function filledRows(slices: Slices, lostByRow?: Float64Array): FilledRow[] {
  const rows: FilledRow[] = [];
  for (let row = 0; row < slices.rows; row++) {
    const sum = sumRows(slices, row, row + 1);
    const lost = lostByRow?.[row] ?? 0;
    if (totalOf(sum) + lost === 0) continue;
    const bins: number[] = [];
    const counts: number[] = [];
    sum.forEach((count, bin) => {
      if (count === 0) return;
      bins.push(bin);
      counts.push(count);
    });
    rows.push({ bins, counts, lost });
  }
  return rows;
}

function percentileInterval(values: number[]): Interval | null {
  const sorted = values.sort((a, b) => a - b);
  const at = (share: number) =>
    sorted[Math.min(sorted.length - 1, Math.max(0, Math.round(share * (sorted.length - 1))))];
  const [low, high] = [at(0.025), at(0.975)];
  return Number.isFinite(high) ? { low, high } : null;
}
