import type { HostDifference } from './samplers/hostDifference.ts';
import type { HostLimits } from './samplers/limits.ts';

/** One thing that was looked at before a run. */
export interface Check {
  readonly name: string;
  /** `fail`: a run cannot be trusted, or not be made, here. */
  readonly status: 'ok' | 'warn' | 'fail';
  /** What was found, with unit. */
  readonly seen: string;
  /** What it bounds, and what to change where it is not ok. */
  readonly advice: string;
}

/** What the checks judge: everything that was read or measured. null: this platform does not tell. */
export interface PreflightFacts {
  /** As in `process.version`. */
  readonly nodeVersion: string;
  readonly limits: HostLimits;
  readonly swapUsedBytes: number | null;
  /** The host over half a second in which this process was idle. */
  readonly load: HostDifference;
  readonly governor: string | null;
  /** Median delay of a wait of 1 ms beyond its time, as pacing uses it. */
  readonly wakeLagUs: number;
  /** A child's clock, read between two readings of ours. */
  readonly clock: { readonly beforeUs: number; readonly childUs: number; readonly afterUs: number };
  readonly hasClinic: boolean;
}

const MIB = 1_048_576;
const NODE_MAJOR = 26;

/** Judges what was found, in the order in which a reader should look at it. */
export function judge(facts: PreflightFacts): Check[] {
  return [
    node(facts),
    openFiles(facts),
    acceptQueue(facts),
    ephemeralPorts(facts),
    memory(facts),
    swap(facts),
    load(facts),
    pressure(facts),
    governor(facts),
    timer(facts),
    clock(facts),
    clinic(facts),
  ];
}

function node({ nodeVersion }: PreflightFacts): Check {
  const major = Number.parseInt(nodeVersion.slice(1), 10);
  return {
    name: 'node',
    status: major >= NODE_MAJOR ? 'ok' : 'fail',
    seen: nodeVersion,
    advice: `Node ${NODE_MAJOR} or later is needed; npm ci brings it: start through npx bench or an npm script.`,
  };
}

function openFiles({ limits }: PreflightFacts): Check {
  const files = limits.openFiles?.soft ?? null;
  return {
    name: 'open files',
    status: atLeast(files, 4_096, 256),
    seen: files === null ? 'not told by this system' : `${files} per process`,
    advice:
      'Bounds the connections of one process; the plan takes more processes where it is low. Raise: ulimit -n.',
  };
}

function acceptQueue({ limits: { somaxconn } }: PreflightFacts): Check {
  return {
    name: 'accept queue',
    status: atLeast(somaxconn, 511, 0),
    seen: somaxconn === null ? 'not told by this system' : `${somaxconn} connections`,
    advice:
      'Bounds connects in flight; when it overflows a client waits a second or more. Raise: sysctl net.core.somaxconn.',
  };
}

function ephemeralPorts({ limits: { ephemeralPorts } }: PreflightFacts): Check {
  const count = ephemeralPorts && ephemeralPorts[1] - ephemeralPorts[0] + 1;
  return {
    name: 'ephemeral ports',
    status: atLeast(count, 20_000, 1_000),
    seen: ephemeralPorts === null ? 'not told by this system' : `${ephemeralPorts.join('-')} (${count})`,
    advice:
      'Bounds connections per destination address and port. Raise: sysctl net.ipv4.ip_local_port_range.',
  };
}

function memory({ limits: { memAvailableBytes, memTotalBytes } }: PreflightFacts): Check {
  return {
    name: 'memory',
    status: atLeast(memAvailableBytes, 1024 * MIB, 256 * MIB),
    seen: `${mib(memAvailableBytes)} of ${mib(memTotalBytes)} MiB available`,
    advice: 'The plan refuses more connections than fit. End other programs, or take fewer connections.',
  };
}

function swap({ swapUsedBytes, load }: PreflightFacts): Check {
  const moved = (load.swapInPages ?? 0) + (load.swapOutPages ?? 0);
  return {
    name: 'swap',
    status: moved > 0 ? 'warn' : 'ok',
    seen:
      swapUsedBytes === null
        ? 'not told by this system'
        : `${mib(swapUsedBytes)} MiB in use, ${moved} pages moved in ${load.seconds.toFixed(1)} s`,
    advice: 'A run in which pages are swapped is INVALID. End other programs, or swapoff -a.',
  };
}

/** Above what a quiet desktop shows in half a second; in a run the bound is 5 % of a core over the whole window. */
const OTHERS_CORES = 0.2;

function load({ load: { busyCores } }: PreflightFacts): Check {
  return {
    name: 'load of others',
    status: atMost(busyCores, OTHERS_CORES),
    seen: busyCores === null ? 'not told by this system' : `${percent(busyCores)} of one core`,
    advice: 'Work of others takes time from server and generator. End other programs before measuring.',
  };
}

function pressure({ load: { cpuPressureShare } }: PreflightFacts): Check {
  return {
    name: 'cpu pressure',
    status: atMost(cpuPressureShare, 0.1),
    seen: cpuPressureShare === null ? 'not told by this system' : `${percent(cpuPressureShare)} of the time`,
    advice: 'Some task waits for a core although no run is going on. End other programs, or take more cores.',
  };
}

function governor({ governor }: PreflightFacts): Check {
  return {
    name: 'cpu governor',
    status: governor === null || governor === 'performance' ? 'ok' : 'warn',
    seen: governor ?? 'not told by this system',
    advice:
      'A clock that follows the load makes light loads look slow: cpupower frequency-set -g performance.',
  };
}

function timer({ wakeLagUs }: PreflightFacts): Check {
  return {
    name: 'timer',
    status: atMost(wakeLagUs, 1_000),
    seen: `wakes ${Math.round(wakeLagUs)} µs late`,
    advice: 'Late wake-ups become send lag. Look at CPU load, virtualisation and timer slack.',
  };
}

function clock({ clock: { beforeUs, childUs, afterUs } }: PreflightFacts): Check {
  const fits = childUs >= beforeUs && childUs <= afterUs;
  return {
    name: 'clock',
    status: fits ? 'ok' : 'fail',
    seen: fits
      ? 'one monotonic clock for all processes'
      : `a child read ${childUs} us, not between ${beforeUs} and ${afterUs} us`,
    advice: 'Latencies are differences between processes: they mean nothing where the clocks differ.',
  };
}

function clinic({ hasClinic }: PreflightFacts): Check {
  return {
    name: 'clinic',
    status: 'ok',
    seen: hasClinic ? 'installed' : 'not installed',
    advice: 'Optional, for --profile clinic-flame, clinic-doctor and clinic-bubbleprof: npm i -D clinic.',
  };
}

/** Unknown counts as ok: the report lists what could not be measured. */
function atLeast(value: number | null, good: number, bearable: number): Check['status'] {
  if (value === null || value >= good) return 'ok';
  return value >= bearable ? 'warn' : 'fail';
}

function atMost(value: number | null, good: number): Check['status'] {
  return value === null || value <= good ? 'ok' : 'warn';
}

function mib(bytes: number): number {
  return Math.round(bytes / MIB);
}

function percent(share: number): string {
  return `${(share * 100).toFixed(0)} %`;
}
