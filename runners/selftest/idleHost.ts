import { setTimeout as delay } from 'node:timers/promises';
import { type HostSample, readHost } from '../samplers/host.ts';
import { differenceOf } from '../samplers/hostDifference.ts';
import type { QuietSource } from '../samplers/waitSettled.ts';

/** Cores in use below which nobody is at work but this process and what a host always does. */
const IDLE_CORES = 0.15;
const LOOK_MS = 500;
/** Two looks in a row: work that comes in bursts has gaps. */
const LOOKS = 2;
const LIMIT_MS = 10_000;

const REAL_SOURCE: QuietSource = {
  read: () => readHost(),
  pause: (milliseconds, signal) => delay(milliseconds, undefined, { signal }),
};

/**
 * Waits until others leave the cores alone, 10 s at most: an attempt made at once would be disturbed by the same work. What a
 * platform does not tell counts as idle.
 * @returns false where they never did
 * @throws AbortError when aborted
 */
export async function waitForIdleHost(
  signal: AbortSignal,
  source: QuietSource = REAL_SOURCE,
): Promise<boolean> {
  let before: HostSample = source.read();
  const startUs = before.atUs;
  let idle = 0;
  while (idle < LOOKS) {
    if (before.atUs - startUs >= LIMIT_MS * 1_000) return false;
    await source.pause(LOOK_MS, signal);
    const after = source.read();
    idle = (differenceOf(before, after).busyCores ?? 0) < IDLE_CORES ? idle + 1 : 0;
    before = after;
  }
  return true;
}
