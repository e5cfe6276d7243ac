import type { Workload } from '../contract/config.ts';
import { seededRandom } from '../contract/random.ts';

/**
 * The open-loop schedule: fixed before the run, never waiting for a slow server.
 * Pure: the caller brings the clock.
 */
export interface Pacer {
  /** Intended time of the i-th message from 0, microseconds after the start. Infinity at rate 0. */
  intendedUs(index: number): number;
  /** Microseconds to wait until the next message is due when `sent` are sent; 0 where it is due or late. */
  waitUs(elapsedUs: number, sent: number): number;
}

/**
 * @param ratePerSecond messages per second in the mean, 0 or more
 * @param seed of the Poisson gaps; not used by the uniform schedule
 * @throws RangeError where the rate is negative or not finite
 */
export function createPacer(arrivals: Workload['arrivals'], ratePerSecond: number, seed: number): Pacer {
  if (!(ratePerSecond >= 0 && ratePerSecond < Number.POSITIVE_INFINITY)) {
    throw new RangeError(`a rate is 0 or more messages per second, not ${ratePerSecond}`);
  }
  const intendedUs = arrivals === 'poisson' ? poissonSchedule(ratePerSecond, seed) : uniform(ratePerSecond);
  return {
    intendedUs,
    waitUs: (elapsedUs, sent) => Math.max(0, intendedUs(sent) - elapsedUs),
  };
}

function uniform(ratePerSecond: number): (index: number) => number {
  if (ratePerSecond === 0) return () => Number.POSITIVE_INFINITY;
  // Multiplied, never summed: no rounding error grows with the run.
  return (index) => (index * 1_000_000) / ratePerSecond;
}

/** Exponential gaps, drawn once in order and kept, so that any earlier index can be asked for again. */
function poissonSchedule(ratePerSecond: number, seed: number): (index: number) => number {
  if (ratePerSecond === 0) return () => Number.POSITIVE_INFINITY;
  const random = seededRandom(seed);
  const times: number[] = [];
  let lastUs = 0;
  return (index) => {
    while (times.length <= index) {
      lastUs += (-Math.log(1 - random()) * 1_000_000) / ratePerSecond;
      times.push(lastUs);
    }
    return times[index];
  };
}
