import { type HostSample, readHost } from '../samplers/host.ts';
import { type ProcessSample, readProcess } from '../samplers/process.ts';
import { processDifferenceOf } from '../samplers/processDifference.ts';
import { PROC_ROOT } from '../samplers/procFile.ts';

export const ROLES = [
  'server',
  'worker',
  'probe',
  'publisher',
  'broker',
  'directory',
  'link',
  'coordinator',
] as const;
export type SampledRole = (typeof ROLES)[number];

/** Which processes play which role. */
export type RolePids = Readonly<Record<SampledRole, readonly number[]>>;

/** Before anything was started. */
export const NO_PIDS: RolePids = {
  server: [],
  worker: [],
  probe: [],
  publisher: [],
  broker: [],
  directory: [],
  link: [],
  coordinator: [],
};

/** The host and all roles at one moment. */
export interface Snapshot {
  readonly atUs: number;
  readonly host: HostSample;
  readonly roles: Readonly<Record<SampledRole, readonly ProcessSample[]>>;
}

/** @param hostRoot where the host is read; processes are always the real ones */
export function takeSnapshot(pids: RolePids, hostRoot: string = PROC_ROOT): Snapshot {
  const host = readHost(hostRoot);
  const read = (role: SampledRole) => pids[role].flatMap((pid) => readProcess(pid) ?? []);
  return {
    atUs: host.atUs,
    host,
    roles: {
      server: read('server'),
      worker: read('worker'),
      probe: read('probe'),
      publisher: read('publisher'),
      broker: read('broker'),
      directory: read('directory'),
      link: read('link'),
      coordinator: read('coordinator'),
    },
  };
}

/** True where a process of these roles is gone: it took its counters along, and what the others did is not the sum. */
export function hasLost(before: Snapshot, after: Snapshot, roles: readonly SampledRole[]): boolean {
  return roles.some((role) => {
    const left = new Set(after.roles[role].map(({ pid }) => pid));
    return before.roles[role].some(({ pid }) => !left.has(pid));
  });
}

/** What the processes of one role did between two snapshots. */
export interface RoleDifference {
  readonly cpuUs: number | null;
  readonly cpuUserUs: number | null;
  readonly cpuSystemUs: number | null;
  readonly syscalls: number | null;
  /** Mean wait for a core per wake-up, of the process that waited longest. */
  readonly runDelayPerSliceUs: number | null;
  readonly seconds: number;
}

export function roleDifference(
  before: Snapshot,
  after: Snapshot,
  roles: readonly SampledRole[],
): RoleDifference {
  const differences = roles.flatMap((role) =>
    after.roles[role].flatMap((late) => {
      const early = before.roles[role].find((sample) => sample.pid === late.pid);
      // What came meanwhile counts from its birth on.
      return [processDifferenceOf(early ?? atBirth(late), late)];
    }),
  );
  const sum = (of: (difference: (typeof differences)[number]) => number | null) =>
    sumOrNull(differences.map(of));
  const delays = differences.flatMap(({ runDelayPerSliceUs }) => runDelayPerSliceUs ?? []);
  const cpuUs = sum((d) => d.cpuUs);
  // Divided as a whole: one that idles, such as the shell above a server, has no ticks to divide by.
  const userUs = sum((d) => d.ticksUserUs);
  const systemUs = sum((d) => d.ticksSystemUs);
  const ticksUs = userUs === null || systemUs === null ? 0 : userUs + systemUs;
  const part = (us: number | null) =>
    cpuUs === null || us === null || ticksUs === 0 ? null : (cpuUs * us) / ticksUs;
  return {
    cpuUs,
    cpuUserUs: part(userUs),
    cpuSystemUs: part(systemUs),
    syscalls: sum((d) => d.syscalls),
    runDelayPerSliceUs: delays.length === 0 ? null : Math.max(...delays),
    seconds: (after.atUs - before.atUs) / 1e6,
  };
}

/** A process as it was before it had done anything; what is not told of it is not known of then either. */
function atBirth(sample: ProcessSample): ProcessSample {
  const zero = (value: number | null) => value && 0;
  return {
    ...sample,
    rssBytes: zero(sample.rssBytes),
    cpuUserUs: zero(sample.cpuUserUs),
    cpuSystemUs: zero(sample.cpuSystemUs),
    cpuTotalUs: zero(sample.cpuTotalUs),
    runDelayUs: zero(sample.runDelayUs),
    runSlices: zero(sample.runSlices),
    syscalls: zero(sample.syscalls),
  };
}

/** Sum, or null where nothing is there or a part is not known: half a sum would be a wrong number. */
export function sumOrNull(values: readonly (number | null)[]): number | null {
  let sum = 0;
  for (const value of values) {
    if (value === null) return null;
    sum += value;
  }
  return values.length === 0 ? null : sum;
}

export function rssOf(snapshot: Snapshot, roles: readonly SampledRole[]): number | null {
  return sumOrNull(roles.flatMap((role) => snapshot.roles[role].map(({ rssBytes }) => rssBytes)));
}
