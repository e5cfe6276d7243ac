/** How a series moves about its own trend. */
export interface Jitter {
  readonly mean: number;
  /** Standard deviation about the least-squares line over time, over the mean: 0 for a series that only grows evenly. */
  readonly jitter: number;
  /** Highest less lowest, as measured. */
  readonly range: number;
}

/**
 * Jitter of evenly spaced samples. The linear trend is taken off first: a heap that grows towards its first collection
 * is not one that jitters. n - 2 degrees of freedom, since the line takes two.
 *
 * @returns null for fewer than three samples, or a mean of 0.
 */
export function jitterOf(samples: readonly number[]): Jitter | null {
  const count = samples.length;
  if (count < 3) return null;
  const mean = samples.reduce((sum, sample) => sum + sample, 0) / count;
  if (mean === 0) return null;
  const middle = (count - 1) / 2;
  let sxx = 0;
  let sxy = 0;
  samples.forEach((sample, i) => {
    sxx += (i - middle) ** 2;
    sxy += (i - middle) * (sample - mean);
  });
  const slope = sxy / sxx;
  const squares = samples.reduce((sum, sample, i) => sum + (sample - mean - slope * (i - middle)) ** 2, 0);
  const range = Math.max(...samples) - Math.min(...samples);
  return { mean, jitter: Math.sqrt(squares / (count - 2)) / mean, range };
}
