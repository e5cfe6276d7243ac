import type { Clock } from '../../contract/clock.ts';

/**
 * How far the clock of another process can be ahead of this one's, microseconds: between `lowUs` and `highUs`.
 * A clock that is the same has 0 between them.
 */
export interface OffsetBounds {
  readonly lowUs: number;
  readonly highUs: number;
}

export interface SandwichOptions {
  /** Rounds at least. */
  readonly rounds: number;
  /** Rounds at most: more are made only until the bounds are tight. */
  readonly maxRounds: number;
  /** Bounds that lie no further apart than this are tight, microseconds. */
  readonly tightUs: number;
  /** No further round begins this long after the first answer, microseconds: a process that is busy answers late each time. */
  readonly budgetUs: number;
}

/**
 * Asks another process for its time between two readings of the own clock. Whatever the two have in common, the answer was
 * given between the readings, which bounds the offset from both sides; what all rounds allow is kept (Cristian,
 * *Probabilistic clock synchronization*, 1989). Nothing is assumed about how long the question and the answer took.
 */
export async function sandwich(
  ask: () => Promise<number>,
  { rounds, maxRounds, tightUs, budgetUs }: SandwichOptions,
  now: Clock,
): Promise<OffsetBounds> {
  let lowUs = Number.NEGATIVE_INFINITY;
  let highUs = Number.POSITIVE_INFINITY;
  // A process that still starts answers late once: that is not held against it.
  let endUs = Number.POSITIVE_INFINITY;
  for (let round = 0; round < maxRounds; round++) {
    if (now() > endUs) break;
    if (round >= rounds && highUs - lowUs <= tightUs) break;
    const before = now();
    const there = await ask();
    const after = now();
    lowUs = Math.max(lowUs, there - after);
    highUs = Math.min(highUs, there - before);
    if (round === 0) endUs = after + budgetUs;
  }
  return { lowUs, highUs };
}
