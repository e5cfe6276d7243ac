import { readFileSync } from 'node:fs';

/** USER_HZ of all Linux platforms that Node runs on. */
const TICKS_PER_SECOND = 100;

/** Clock ticks so far: of all cores that were not idle, and of this process with all its children that ended. */
export interface Ticks {
  readonly busy: number;
  readonly ours: number;
  readonly atMs: number;
}

/** Read by the host's own clock ticks, with nothing of the harness in it. @returns null without /proc */
export function readTicks(): Ticks | null {
  const host = textOf('/proc/stat');
  const self = textOf('/proc/self/stat');
  if (host === null || self === null) return null;
  // user, nice, system, idle, iowait, irq, softirq, steal; what guests use is in user.
  const [user, nice, system, , , irq, softirq, steal] = host.split('\n')[0].split(/ +/).slice(1).map(Number);
  // From the state on, the third field: utime, stime, cutime and cstime are the 14th to the 17th.
  const fields = self.slice(self.lastIndexOf(')') + 2).split(' ');
  const ours = fields.slice(11, 15).reduce((sum, ticks) => sum + Number(ticks), 0);
  return { busy: user + nice + system + irq + softirq + steal, ours, atMs: performance.now() };
}

/** Cores that others used between two readings, on average; children that still run count as others. */
export function othersBetween(before: Ticks, after: Ticks): number {
  const ticks = after.busy - before.busy - (after.ours - before.ours);
  return (ticks / TICKS_PER_SECOND / (after.atMs - before.atMs)) * 1_000;
}

function textOf(path: string): string | null {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return null;
  }
}
