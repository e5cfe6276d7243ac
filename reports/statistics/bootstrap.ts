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
 * @returns one interval per quantile, microseconds; null where fewer than 10 slices hold anything.
 */
export function bootstrapIntervals(
  slices: Slices,
  quantiles: readonly number[],
  options: { readonly seed: number; readonly resamples?: number },
): (Interval | null)[] {
  const filled = filledRows(slices);
  if (filled.length < 10) return quantiles.map(() => null);
  const resamples = options.resamples ?? 400;
  // Seeded: the same result file always gives the same interval.
  const random = seededRandom(options.seed);
  const drawn = quantiles.map(() => [] as number[]);
  for (let i = 0; i < resamples; i++) {
    const sum = new Float64Array(BINS);
    for (let k = 0; k < filled.length; k++) {
      const row = filled[Math.floor(random() * filled.length)];
      for (let j = 0; j < row.bins.length; j++) sum[row.bins[j]] += row.counts[j];
    }
    quantiles.forEach((quantile, q) => {
      drawn[q].push(quantileOfBins(sum, quantile) ?? 0);
    });
  }
  return drawn.map(percentileInterval);
}

/** Rows that hold anything, in sparse form: most bins of a row are empty. */
function filledRows(slices: Slices): { bins: number[]; counts: number[] }[] {
  const rows: { bins: number[]; counts: number[] }[] = [];
  for (let row = 0; row < slices.rows; row++) {
    const sum = sumRows(slices, row, row + 1);
    if (totalOf(sum) === 0) continue;
    const bins: number[] = [];
    const counts: number[] = [];
    sum.forEach((count, bin) => {
      if (count === 0) return;
      bins.push(bin);
      counts.push(count);
    });
    rows.push({ bins, counts });
  }
  return rows;
}

function percentileInterval(values: number[]): Interval {
  const sorted = values.sort((a, b) => a - b);
  const at = (share: number) =>
    sorted[Math.min(sorted.length - 1, Math.max(0, Math.round(share * (sorted.length - 1))))];
  return { low: at(0.025), high: at(0.975) };
}
