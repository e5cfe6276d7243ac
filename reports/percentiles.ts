import type { LatencyStats } from '../contract/result.ts';
import { formatCount, formatUs, NOT_DEFINED } from './numbers.ts';
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

/** What stands behind one percentile that is shown. */
export interface Backing {
  readonly label: string;
  readonly quantile: number;
  /** Independent observations: messages; of a handshake connections, of a round trip polls. */
  readonly messages: number;
}

export function backingOf(
  { messages }: Pick<LatencyStats, 'messages'>,
  key: Percentile['key'],
): Backing | null {
  const percentile = PERCENTILES.find((one) => one.key === key);
  return percentile ? { label: percentile.label, quantile: percentile.quantile, messages } : null;
}

export function isBacked({ quantile, messages }: Backing): boolean {
  return messages >= messagesNeeded(quantile);
}

/**
 * Why percentiles are grey or in brackets, with the counts there were: `p99 needs 368, there were 15 to 200`.
 * @returns null where there were enough for all of them
 */
export function backingNote(
  how: 'Grey' | 'In brackets' | 'Not certain',
  shown: readonly (Backing | null | undefined)[],
): string | null {
  const few = shown.flatMap((backing) => (backing && !isBacked(backing) ? [backing] : []));
  if (few.length === 0) return null;
  const labels = [...new Set(few.map(({ label }) => label))];
  const parts = labels.map((label) => {
    const own = few.filter((backing) => backing.label === label);
    const needed = formatCount(messagesNeeded(own[0]?.quantile ?? 0));
    return `${label} needs ${needed}, there were ${countRange(own.map(({ messages }) => messages))}`;
  });
  return `${how}: too few independent messages for the upper end of an interval (${parts.join('; ')}).`;
}

function countRange(counts: readonly number[]): string {
  const [least, most] = [Math.min(...counts), Math.max(...counts)];
  return least === most ? formatCount(least) : `${formatCount(least)} to ${formatCount(most)}`;
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

/** `p95 4.1 ms`; null where it is not defined or has too few messages behind it to stand in a sentence. */
export function quoteOf(stats: LatencyStats, key: Percentile['key']): string | null {
  const backing = backingOf(stats, key);
  const value = stats[key];
  return backing === null || value === null || !isBacked(backing)
    ? null
    : `${backing.label} ${formatUs(value)}`;
}
