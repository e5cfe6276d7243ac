import type { LatencyStats } from '../contract/result.ts';
import { formatUs, NOT_DEFINED } from './numbers.ts';
import { messagesNeeded } from './statistics/support.ts';

/** The percentiles of a result, from the median outwards. */
export const PERCENTILES = [
  { key: 'p50', label: 'p50', quantile: 0.5 },
  { key: 'p90', label: 'p90', quantile: 0.9 },
  { key: 'p95', label: 'p95', quantile: 0.95 },
  { key: 'p99', label: 'p99', quantile: 0.99 },
  { key: 'p999', label: 'p99.9', quantile: 0.999 },
] as const;

export type Percentile = (typeof PERCENTILES)[number];

/** True where the number of independent messages supports the percentile. */
export function isSupported(stats: LatencyStats, percentile: Percentile): boolean {
  return stats.messages >= messagesNeeded(percentile.quantile);
}

/** The percentile a sentence may quote: the highest up to p99 that is supported, or p99 where it is not defined. */
export function quotable(stats: LatencyStats): Percentile | null {
  const upToP99 = PERCENTILES.filter((percentile) => percentile.quantile <= 0.99);
  return upToP99.filter((percentile) => isSupported(stats, percentile)).pop() ?? null;
}

/** `p99 4.1 ms`, `p99 not defined, too much was lost, p95 8 ms`, or why no percentile can be quoted. */
export function quote(stats: LatencyStats): string {
  const percentile = quotable(stats);
  if (!percentile) return `too few messages for a percentile (${stats.messages})`;
  const value = stats[percentile.key];
  if (value !== null) return `${percentile.label} ${formatUs(value)}`;
  const best = PERCENTILES.filter(
    (other) => other.quantile < percentile.quantile && stats[other.key] !== null,
  ).pop();
  const rest = best ? `, ${best.label} ${formatUs(stats[best.key] ?? 0)}` : '';
  return `${percentile.label} ${NOT_DEFINED}, too much was lost${rest}`;
}
