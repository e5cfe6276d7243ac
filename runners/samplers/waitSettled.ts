import { setTimeout as delay } from 'node:timers/promises';
import { type HostSample, readHost } from './host.ts';

export interface QuietBounds {
  /** Connections in TIME_WAIT that do not matter any more. @default 2000 */
  readonly timeWait?: number;
  /** Change of the kernel's slab between two looks that counts as none. @default 1 MiB */
  readonly slabChangeBytes?: number;
  /** Looks in a row that must be quiet. @default 3 */
  readonly looks?: number;
  /** Between two looks, milliseconds. @default 250 */
  readonly intervalMs?: number;
  /** When to give up, milliseconds; TIME_WAIT lasts 60 s. @default 65000 */
  readonly timeoutMs?: number;
}

export interface QuietOutcome {
  /** False where the time-out came first: then the next run starts on a host that still cleans up. */
  readonly settled: boolean;
  readonly waitedMs: number;
  readonly timeWait: number | null;
  readonly slabBytes: number | null;
}

/** The host and the clock that the wait goes by. */
export interface QuietSource {
  read(): HostSample;
  pause(milliseconds: number, signal: AbortSignal): Promise<unknown>;
}

const REAL_SOURCE: QuietSource = {
  read: () => readHost(),
  pause: (milliseconds, signal) => delay(milliseconds, undefined, { signal }),
};

const DEFAULTS: Required<QuietBounds> = {
  timeWait: 2_000,
  slabChangeBytes: 1_048_576,
  looks: 3,
  intervalMs: 250,
  timeoutMs: 65_000,
};

/**
 * Waits between two runs until the kernel has put the sockets of the last one away. What a platform does not tell counts as quiet.
 * @throws AbortError when aborted, its cause being the reason of the signal.
 */
export async function waitForQuietHost(
  bounds: QuietBounds,
  signal: AbortSignal,
  source: QuietSource = REAL_SOURCE,
): Promise<QuietOutcome> {
  const limits = { ...DEFAULTS, ...bounds };
  let before = source.read();
  const startUs = before.atUs;
  for (let quiet = 0; ; ) {
    const waitedMs = (before.atUs - startUs) / 1000;
    const { timeWait, slabBytes } = before;
    if (quiet >= limits.looks) return { settled: true, waitedMs, timeWait, slabBytes };
    if (waitedMs >= limits.timeoutMs) return { settled: false, waitedMs, timeWait, slabBytes };
    await source.pause(limits.intervalMs, signal);
    const after = source.read();
    quiet = isQuiet(before, after, limits) ? quiet + 1 : 0;
    before = after;
  }
}

function isQuiet(before: HostSample, after: HostSample, limits: Required<QuietBounds>): boolean {
  const slabChange = Math.abs((after.slabBytes ?? 0) - (before.slabBytes ?? 0));
  return (after.timeWait ?? 0) <= limits.timeWait && slabChange <= limits.slabChangeBytes;
}
