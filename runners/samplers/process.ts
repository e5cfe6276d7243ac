import { readdirSync, statSync } from 'node:fs';
import { nowUs } from '../../contract/clock.ts';
import { pageBytes } from './pageBytes.ts';
import { numberAfter, numbersIn, PROC_ROOT, readProc } from './procFile.ts';

/** One reading of a process from the outside; null is what this platform does not tell. Times count from its start. */
export interface ProcessSample {
  readonly pid: number;
  /** Monotonic clock. */
  readonly atUs: number;
  readonly rssBytes: number | null;
  /** From clock ticks: 10 ms steps. For shares over a window of seconds. */
  readonly cpuUserUs: number | null;
  readonly cpuSystemUs: number | null;
  /** User and system together, summed from the scheduler's nanoseconds of all threads. */
  readonly cpuTotalUs: number | null;
  /** Time spent runnable and waiting for a core, all threads. */
  readonly runDelayUs: number | null;
  /** Times that a thread was put on a core: run delay / slices is the wait per wake-up. */
  readonly runSlices: number | null;
  /** read- and write-like system calls (`syscr` + `syscw`), not all system calls. */
  readonly syscalls: number | null;
  readonly openFiles: number | null;
  readonly threads: number | null;
  /** One letter of proc(5), e.g. `R`, `S`, `Z`. */
  readonly state: string | null;
  /** Clock ticks after boot: with the pid it names one process for ever. */
  readonly startTicks: number | null;
}

/** USER_HZ, fixed at 100 on all Linux platforms that Node runs on. */
const TICK_US = 10_000;

/**
 * Reads a process from `/proc/PID` (proc(5)), 0.1 to 0.2 ms.
 * @returns null where there is no such process, or no /proc at all.
 */
export function readProcess(pid: number, root: string = PROC_ROOT): ProcessSample | null {
  const folder = `${root}/${pid}`;
  const stat = readStat(`${folder}/stat`);
  if (stat === null) return null;
  const tasks = readTasks(`${folder}/task`);
  const { cpuUserUs, cpuSystemUs } = stat;
  return {
    ...stat,
    pid,
    atUs: nowUs(),
    // Ended threads are missing from the tasks but not from the ticks, which lag by up to two.
    cpuTotalUs: tasks && Math.max(tasks.cpuUs, cpuUserUs + cpuSystemUs),
    runDelayUs: tasks?.runDelayUs ?? null,
    runSlices: tasks?.runSlices ?? null,
    syscalls: readSyscalls(`${folder}/io`),
    openFiles: countOpenFiles(`${folder}/fd`),
  };
}

/**
 * Proportional set size: shared pages counted by their share. 1.7 ms and more: only at memory levels.
 * @returns null where the system does not tell it.
 */
export function readPss(pid: number, root: string = PROC_ROOT): number | null {
  const bytes = readProc(`${root}/${pid}/smaps_rollup`);
  const kib = bytes && numberAfter(bytes, '\nPss:');
  return kib === null ? null : kib * 1024;
}

/** Start time in clock ticks after boot, or null where there is no such process. A zombie counts as gone. */
export function readStartTicks(pid: number, root: string = PROC_ROOT): number | null {
  const stat = readStat(`${root}/${pid}/stat`);
  return stat === null || stat.state === 'Z' ? null : stat.startTicks;
}

/** Fields of /proc/PID/stat are counted from the last `)`: the name before it may hold anything. */
function readStat(path: string) {
  const bytes = readProc(path);
  const nameEnd = bytes === null ? -1 : bytes.lastIndexOf(')');
  if (bytes === null || nameEnd < 0) return null;
  const state = String.fromCharCode(bytes[nameEnd + 2]);
  // Signed fields (tpgid, nice, priority) lose their sign here; none of them is used.
  const fields = numbersIn(bytes, nameEnd + 3, bytes.length);
  return {
    state,
    cpuUserUs: fields[10] * TICK_US,
    cpuSystemUs: fields[11] * TICK_US,
    threads: fields[16],
    startTicks: fields[18],
    rssBytes: fields[20] * pageBytes(),
  };
}

interface Tasks {
  cpuUs: number;
  runDelayUs: number;
  runSlices: number;
}

/** Sum over the threads of `schedstat`: ns on a core, ns waiting for one, times put on one. */
function readTasks(folder: string): Tasks | null {
  let names: string[];
  try {
    names = readdirSync(folder);
  } catch {
    return null;
  }
  const sum: Tasks = { cpuUs: 0, runDelayUs: 0, runSlices: 0 };
  let seen = 0;
  for (const name of names) {
    const bytes = readProc(`${folder}/${name}/schedstat`);
    if (bytes === null) continue;
    const [cpuNs, delayNs, slices] = numbersIn(bytes, 0, bytes.length);
    sum.cpuUs += cpuNs / 1000;
    sum.runDelayUs += delayNs / 1000;
    sum.runSlices += slices;
    seen += 1;
  }
  return seen === 0 ? null : sum;
}

/** `io` may be read by the owner only. */
function readSyscalls(path: string): number | null {
  const bytes = readProc(path);
  if (bytes === null) return null;
  const reads = numberAfter(bytes, 'syscr:');
  const writes = numberAfter(bytes, 'syscw:');
  return reads === null || writes === null ? null : reads + writes;
}

/** Since Linux 6.2 the size of the folder is the count: 0.02 ms, where listing 10,000 files takes 10 ms. */
function countOpenFiles(folder: string): number | null {
  try {
    const { size } = statSync(folder);
    return size > 0 ? size : readdirSync(folder).length;
  } catch {
    return null;
  }
}
