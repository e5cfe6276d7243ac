import { upperTail } from './normal.ts';

/**
 * Two-sided p of the Mann–Kendall test: how often values without any trend would rise or fall in as many pairs.
 * Normal approximation with the correction for ties and for continuity, good from 8 values on.
 * Sources: Mann, Econometrica 13 (1945), 245-259; Kendall, Rank Correlation Methods, 4th edition, chapter 4.
 *
 * The values have to be independent of each other: a correction for those that are not (Hamed and Rao 1998) took more
 * power than false alarms in simulation; medians of stretches that are long enough need none.
 *
 * @param values in the order of time
 */
export function mannKendall(values: readonly number[]): number {
  const n = values.length;
  let rising = 0;
  for (let i = 0; i < n; i++) {
    for (let j = i + 1; j < n; j++) rising += Math.sign(values[j] - values[i]);
  }
  const variance = (pairs(n) - tied(values)) / 18;
  if (variance <= 0) return 1;
  return Math.min(1, 2 * upperTail(Math.max(0, Math.abs(rising) - 1) / Math.sqrt(variance)));
}

const pairs = (n: number) => n * (n - 1) * (2 * n + 5);

function tied(values: readonly number[]): number {
  const groups = new Map<number, number>();
  for (const value of values) groups.set(value, (groups.get(value) ?? 0) + 1);
  return groups.values().reduce((sum, size) => sum + pairs(size), 0);
}
