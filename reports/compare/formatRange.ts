import { UNIT_GAP } from '../numbers.ts';

/** Two figures with their unit once: `83.6 to 101 k/s`; null where they read the same. */
export function formatRange(
  { low, high }: { readonly low: number; readonly high: number },
  format: (value: number) => string,
  between: string,
): string | null {
  if (high === Number.POSITIVE_INFINITY) return `${format(low)} or more`;
  const [from, to] = [format(low), format(high)];
  if (from === to) return null;
  const [number, unit] = from.split(UNIT_GAP);
  return unit !== undefined && unit === to.split(UNIT_GAP)[1]
    ? `${number}${between}${to}`
    : `${from}${between}${to}`;
}
