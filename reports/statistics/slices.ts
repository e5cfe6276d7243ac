import { BINS, valueOfBin } from './bins.ts';

/** Latency counts per slice of the window: row `s` holds the deliveries whose intended time lies in slice `s`. */
export interface Slices {
  readonly rows: number;
  /** Row-major, `rows x BINS`. */
  readonly counts: Uint32Array;
}

export function emptySlices(rows: number): Slices {
  return { rows, counts: new Uint32Array(rows * BINS) };
}

export function addSlices(into: Slices, other: Slices): void {
  if (into.rows !== other.rows) throw new RangeError(`slices of ${into.rows} and ${other.rows} rows`);
  for (let i = 0; i < into.counts.length; i++) into.counts[i] += other.counts[i];
}

/** Counts per bin over rows `[from, to)`. */
export function sumRows(slices: Slices, from: number, to: number): Float64Array {
  const sum = new Float64Array(BINS);
  for (let row = from; row < to; row++) {
    for (let bin = 0; bin < BINS; bin++) sum[bin] += slices.counts[row * BINS + bin];
  }
  return sum;
}

export function totalOf(counts: Float64Array): number {
  let total = 0;
  for (const count of counts) total += count;
  return total;
}

/**
 * Quantile of binned counts, microseconds; null for none.
 * @param lost deliveries that never came, each later than any that did: null where the quantile is one of them
 */
export function quantileOfBins(counts: Float64Array, quantile: number, lost = 0): number | null {
  const total = totalOf(counts);
  const rank = Math.max(1, Math.ceil(quantile * (total + lost) - 1e-9));
  if (rank > total) return null;
  let seen = 0;
  for (let bin = 0; bin < counts.length; bin++) {
    seen += counts[bin];
    if (seen >= rank) return valueOfBin(bin);
  }
  return valueOfBin(counts.length - 1);
}
