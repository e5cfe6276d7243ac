import pidusage from 'pidusage';
import { nowUs } from '../../contract/clock.ts';
import { type ProcessSample, readProcess } from './process.ts';
import { PROC_ROOT } from './procFile.ts';

/**
 * Reads a process where there may be no /proc: then only RSS and CPU time, through the system's own tools (tens of milliseconds).
 * @returns null where there is no such process.
 */
export async function readProcessAnywhere(
  pid: number,
  root: string = PROC_ROOT,
): Promise<ProcessSample | null> {
  if (process.platform === 'linux' && root === PROC_ROOT) return readProcess(pid, root);
  return readProcess(pid, root) ?? readThroughTools(pid);
}

async function readThroughTools(pid: number): Promise<ProcessSample | null> {
  try {
    const { memory, ctime } = await pidusage(pid);
    return {
      pid,
      atUs: nowUs(),
      rssBytes: memory,
      cpuUserUs: null,
      cpuSystemUs: null,
      cpuTotalUs: ctime * 1000,
      runDelayUs: null,
      runSlices: null,
      syscalls: null,
      openFiles: null,
      threads: null,
      state: null,
      startTicks: null,
    };
  } catch {
    // pidusage throws where the process is gone.
    return null;
  }
}
