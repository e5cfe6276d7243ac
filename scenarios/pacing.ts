import type { Workload } from '../contract/config.ts';
import { seededRandom } from '../contract/random.ts';
import type { LoadStage, PhaseSpec } from '../contract/schedule.ts';

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

/** The schedule of a phase, whose rate may change from stage to stage of its load shape. */
export function createSchedule({
  arrivals,
  shape,
  seed,
}: Pick<PhaseSpec, 'arrivals' | 'shape' | 'seed'>): Pacer {
  if (shape.length === 1) return createPacer(arrivals, shape[0].ratePerSecond, seed);
  const unit = createPacer(arrivals, 1, seed);
  const intendedUs = (index: number) => timeOfCount(shape, unit.intendedUs(index) / 1e6);
  return { intendedUs, waitUs: (elapsedUs, sent) => Math.max(0, intendedUs(sent) - elapsedUs) };
}

/** Messages that a shape asks for. */
export function countOf(shape: readonly LoadStage[]): number {
  return Math.round(shape.reduce((sum, stage) => sum + (stage.ratePerSecond * stage.durationMs) / 1_000, 0));
}

/**
 * When a shape has asked for `count` messages, microseconds: the inverse of its cumulative rate. A unit-rate schedule
 * mapped through it keeps its character, Poisson or uniform, at a rate that changes
 * (time rescaling: Cinlar, Introduction to Stochastic Processes, 1975, section 4.7).
 */
function timeOfCount(shape: readonly LoadStage[], count: number): number {
  let left = count;
  let startUs = 0;
  for (const { durationMs, ratePerSecond } of shape) {
    const messages = (ratePerSecond * durationMs) / 1_000;
    if (left < messages) return startUs + (left * 1e6) / ratePerSecond;
    left -= messages;
    startUs += durationMs * 1_000;
  }
  // Rounded up to one message more than the shape holds, or a Poisson draw beyond its end.
  const last = shape.at(-1)?.ratePerSecond ?? 0;
  return last === 0 ? startUs : startUs + (left * 1e6) / last;
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
