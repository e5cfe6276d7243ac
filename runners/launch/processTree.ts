import { readdirSync } from 'node:fs';
import { readStartTicks } from '../samplers/process.ts';
import { numbersIn, PROC_ROOT, readProc } from '../samplers/procFile.ts';

/** Places among the numbers behind the name in /proc/PID/stat (proc(5)). */
const GROUP = 1;
const SESSION = 2;

/**
 * A process with all that it started, such as npm with the shell and the server below it. Whoever was seen once stays a member
 * wherever it goes: a parent that ends hands its children to another. Linux; elsewhere nobody is seen.
 */
export class ProcessTree {
  readonly #root: number;
  /** By pid, when it started: together they name one process for ever. */
  readonly #members = new Map<number, number>();

  /** @param root leads a session of its own */
  constructor(root: number) {
    this.#root = root;
    this.#join(root);
  }

  /** Those that live now. 0.1 ms for each: only members are asked for their children. */
  pids(): readonly number[] {
    for (const [pid, startTicks] of this.#members)
      if (readStartTicks(pid) !== startTicks) this.#members.delete(pid);
    // A map goes on to what was added meanwhile, and so through all generations.
    for (const pid of this.#members.keys()) for (const child of childrenOf(pid)) this.#join(child);
    return [...this.#members.keys()];
  }

  /** Looks at every process of the host for those whose parent ended before they were seen. 0.02 ms for each. */
  findStrays(): void {
    for (const name of namesIn(PROC_ROOT)) {
      const pid = Number(name);
      if (Number.isInteger(pid) && statOf(pid, SESSION) === this.#root) this.#join(pid);
    }
  }

  /** Those that live and have left the group of the root: what is told to the group does not reach them. */
  outsideGroup(): readonly number[] {
    return this.pids().filter((pid) => statOf(pid, GROUP) !== this.#root);
  }

  #join(pid: number): void {
    if (this.#members.has(pid)) return;
    const startTicks = readStartTicks(pid);
    if (startTicks !== null) this.#members.set(pid, startTicks);
  }
}

/** Each thread has the children that it started itself. */
function childrenOf(pid: number): number[] {
  return namesIn(`${PROC_ROOT}/${pid}/task`).flatMap((task) => {
    const bytes = readProc(`${PROC_ROOT}/${pid}/task/${task}/children`);
    return bytes === null ? [] : numbersIn(bytes, 0, bytes.length);
  });
}

function statOf(pid: number, field: number): number | null {
  const bytes = readProc(`${PROC_ROOT}/${pid}/stat`);
  const nameEnd = bytes === null ? -1 : bytes.lastIndexOf(')');
  return bytes === null || nameEnd < 0 ? null : numbersIn(bytes, nameEnd + 3, bytes.length)[field];
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    // The process ended, or there is no /proc.
    return [];
  }
}
