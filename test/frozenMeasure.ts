import type { Freeze } from '../contract/knownAnswer.ts';
import { Bench } from '../runners/selftest/bench.ts';
import { type FrozenRun, measureFrozen, type Stall } from '../runners/selftest/frozenRun.ts';

/** What a busy machine may add; which of them is there because of the stop is what is tested. */
const OF_THE_HOST = ['sendLag', 'generatorStalled', 'generatorStarved', 'runDelay', 'othersBusy', 'steal'];

/** A stop that outlasts the run. */
export const LONG: Stall = { stopMs: 60_000, windowMs: 2_000, gapMs: 10 };

/** One short run in which a process is stopped. */
export function measure(
  role: Freeze['role'],
  stall: Stall,
  signal: AbortSignal = new AbortController().signal,
): Promise<FrozenRun> {
  const bench = new Bench({ quick: true, seed: 1, progress: () => {}, signal });
  return measureFrozen(bench, role, stall, {
    stage: 'sse',
    variant: 'shared',
    workload: { connections: 20, rooms: 20, warmupMs: 0 },
    expects: OF_THE_HOST,
  });
}
