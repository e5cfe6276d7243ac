import { readdirSync } from 'node:fs';
import { nowUs } from '../../contract/clock.ts';
import { numbersIn, PROC_ROOT, readProc } from './procFile.ts';

/** CPU time of one process of the host, user and system, microseconds, in steps of 10 ms. */
export interface TableRow {
  readonly pid: number;
  readonly parent: number;
  /** Clock ticks after boot: with the pid it names one process for ever. */
  readonly startTicks: number;
  /** A thread of the kernel: it works for whoever caused the work, and does not tell for whom. */
  readonly isKernel: boolean;
  readonly ownUs: number;
  /** Of children that ended and were waited for, with all of theirs. */
  readonly reapedUs: number;
}

/** Every process of the host at one moment. */
export interface ProcessTable {
  readonly atUs: number;
  readonly rows: ReadonlyMap<number, TableRow>;
}

/** USER_HZ, fixed at 100 on all Linux platforms that Node runs on. */
const TICK_US = 10_000;
/** PF_KTHREAD of the flags in /proc/PID/stat (include/linux/sched.h). */
const KERNEL_THREAD = 0x0020_0000;
/** The parent of all kernel threads. */
const KTHREADD = 2;

/**
 * Reads every process of the host: 0.02 ms for each, so only at the edges of a window.
 * @returns null where not all can be seen: in a container, with hidden processes, without /proc
 */
export function readProcessTable(root: string = PROC_ROOT): ProcessTable | null {
  const atUs = nowUs();
  const rows = new Map<number, TableRow>();
  for (const name of namesIn(root)) {
    const pid = Number(name);
    const row = Number.isInteger(pid) ? readRow(root, pid) : null;
    if (row !== null) rows.set(pid, row);
  }
  // Who sees the kernel's own threads sees everybody.
  return rows.get(KTHREADD)?.isKernel === true ? { atUs, rows } : null;
}

function namesIn(root: string): string[] {
  try {
    return readdirSync(root);
  } catch {
    // No /proc on this platform.
    return [];
  }
}

/** Fields of /proc/PID/stat are counted from the last `)`: the name before it may hold anything. */
function readRow(root: string, pid: number): TableRow | null {
  const bytes = readProc(`${root}/${pid}/stat`);
  const nameEnd = bytes === null ? -1 : bytes.lastIndexOf(')');
  if (bytes === null || nameEnd < 0) return null;
  // Signed fields (tpgid, nice, priority) lose their sign here; none of them is used.
  const fields = numbersIn(bytes, nameEnd + 3, bytes.length);
  return {
    pid,
    parent: fields[0],
    startTicks: fields[18],
    isKernel: (fields[5] & KERNEL_THREAD) !== 0,
    ownUs: (fields[10] + fields[11]) * TICK_US,
    reapedUs: (fields[12] + fields[13]) * TICK_US,
  };
}
