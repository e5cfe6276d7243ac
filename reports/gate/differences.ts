import type { GateVocabulary } from './gateMetrics.ts';
import type { Reading } from './reading.ts';

/**
 * Stands for a difference that has no number, since one side is not defined or 0: further than any that has. It stays finite, so
 * that means of it with others rank between them, and no figure of a result is infinite.
 */
const BEYOND = { share: 100, count: 1e12 } as const;

type Scaled = Pick<GateVocabulary, 'scale' | 'better'>;

/** True of a place between differences that no number stands for. */
export function isBeyond(shift: number, { scale }: Pick<Scaled, 'scale'>): boolean {
  return Math.abs(shift) > BEYOND[scale] * 0.4;
}

/** A reading on the scale that differences are taken on: its logarithm, or the count itself. */
export function scaled(reading: Exclude<Reading, null>, { scale, better }: Scaled): number {
  if (reading === 'undefined') return better === 'lower' ? BEYOND[scale] : -BEYOND[scale];
  if (scale === 'count') return reading;
  // Nothing is less than nothing: 0 ranks below every share of it.
  return reading > 0 ? Math.log(reading) : -BEYOND.share;
}

/**
 * Of one block: (ln B1 + ln B2 - ln A1 - ln A2) / 2, of counts the difference of the means. Drift that is a line over the four runs
 * of a block cancels in ABBA and BAAB alike. A reading without a number cancels one of the other side; one that is left over
 * makes the block differ by more than any number.
 */
export function blockDifference(base: readonly Reading[], head: readonly Reading[], metric: Scaled): number {
  const [a, b] = [part(base, metric), part(head, metric)];
  const over = b.beyond - a.beyond;
  if (over !== 0) return Math.sign(over) * BEYOND[metric.scale];
  return a.mean === null || b.mean === null ? 0 : b.mean - a.mean;
}

/** Readings without a number, those above less those below, and the mean of the others. */
function part(readings: readonly Reading[], metric: Scaled): { beyond: number; mean: number | null } {
  const values = readings.flatMap((reading) => (reading === null ? [] : [scaled(reading, metric)]));
  const numbers = values.filter((value) => !isBeyond(value, metric));
  const beyond = values.filter((value) => isBeyond(value, metric));
  return {
    beyond: beyond.reduce((sum, value) => sum + Math.sign(value), 0),
    mean: numbers.length === 0 ? null : numbers.reduce((sum, value) => sum + value, 0) / numbers.length,
  };
}
