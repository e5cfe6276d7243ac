/** What is read of a histogram here. */
export interface Distribution {
  readonly totalCount: number;
  getValueAtPercentile(percentile: number): number;
}

/** Points of a histogram that stand for it: one at the middle of each permille. */
const POINTS = 1_000;

function pointsOf(histogram: Distribution): number[] {
  return Array.from({ length: POINTS }, (_, i) => histogram.getValueAtPercentile(((i + 0.5) / POINTS) * 100));
}

/** Share of a uniform distribution over `[fromUs, fromUs + overUs]` that lies at or below a value. */
export function uniformShare(
  valueUs: number,
  range: { readonly fromUs: number; readonly overUs: number },
): number {
  return Math.min(1, Math.max(0, (valueUs - range.fromUs) / range.overUs));
}

/**
 * Quantile of the sum of something that was measured and an independent, uniformly distributed time.
 * @param overUs above 0
 */
export function uniformBeyond(
  measured: Distribution,
  range: { readonly fromUs: number; readonly overUs: number },
  quantile: number,
): number {
  const points = pointsOf(measured);
  const shareBelow = (us: number) =>
    points.reduce((sum, point) => sum + uniformShare(us - point, range), 0) / POINTS;
  let low = points[0] + range.fromUs;
  let high = points[POINTS - 1] + range.fromUs + range.overUs;
  // To a hundredth of a microsecond, from a second.
  for (let halving = 0; halving < 27; halving++) {
    const middle = (low + high) / 2;
    if (shareBelow(middle) < quantile) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** Largest distance between the distribution of what was measured and a uniform one: Kolmogorov's statistic, to a permille. */
export function distanceFromUniform(
  measured: Distribution,
  range: { readonly fromUs: number; readonly overUs: number },
): number {
  return pointsOf(measured).reduce((most, us, i) => {
    const distance = Math.abs((i + 0.5) / POINTS - uniformShare(us, range));
    return Math.max(most, distance);
  }, 0);
}
