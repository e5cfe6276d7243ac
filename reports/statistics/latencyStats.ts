import type { LatencyStats } from '../../contract/result.ts';

/** What is read of an HDR histogram here. */
export interface HistogramView {
  readonly totalCount: number;
  readonly mean: number;
  readonly maxValue: number;
  getValueAtPercentile(percentile: number): number;
}

/**
 * Quantile of a latency where each lost delivery counts as +infinity.
 * @param quantile in (0, 1]
 * @returns microseconds, or null where more than `1 - quantile` was lost, or nothing was counted.
 */
export function quantileWithLost(histogram: HistogramView, lost: number, quantile: number): number | null {
  const all = histogram.totalCount + lost;
  if (histogram.totalCount === 0) return null;
  const rank = Math.ceil(quantile * all - 1e-9);
  return rank > histogram.totalCount ? null : valueAtRank(histogram, rank);
}

/** The value of a rank from 1, the least first. */
export function valueAtRank(histogram: HistogramView, rank: number): number {
  // Half a rank below the one that is meant: 100 x 127 / 193 and back is a hair above 127, and would be rank 128.
  return histogram.getValueAtPercentile((100 * (Math.max(1, rank) - 0.5)) / histogram.totalCount);
}

/**
 * The figures of one latency histogram.
 * @param messages number of independent messages behind the deliveries
 */
export function latencyStats(
  histogram: HistogramView,
  options: { readonly lost?: number; readonly messages: number },
): LatencyStats {
  const lost = options.lost ?? 0;
  const empty = histogram.totalCount === 0;
  const at = (quantile: number) => quantileWithLost(histogram, lost, quantile);
  return {
    count: histogram.totalCount,
    messages: options.messages,
    min: empty ? null : histogram.getValueAtPercentile(0),
    mean: empty || lost > 0 ? null : histogram.mean,
    p50: at(0.5),
    p90: at(0.9),
    p95: at(0.95),
    p99: at(0.99),
    p999: at(0.999),
    max: empty || lost > 0 ? null : histogram.maxValue,
  };
}
