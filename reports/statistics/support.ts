/**
 * How many independent messages a percentile needs before its 95 % confidence bound exists at all:
 * the smallest n with q^n <= 0.025, so that the upper bound is a value that was seen and not infinity.
 * p99 needs 368, p99.9 needs 3,688. Source: order-statistic intervals, Hahn and Meeker, Statistical Intervals, 5.2.
 *
 * @param quantile in (0, 1)
 */
export function messagesNeeded(quantile: number): number {
  return Math.ceil(Math.log(0.025) / Math.log(quantile) - 1e-9);
}

/** Highest quantile that `messages` independent messages support. */
export function highestSupportedQuantile(messages: number): number {
  return messages <= 0 ? 0 : 0.025 ** (1 / messages);
}
