import { readdirSync, readFileSync } from 'node:fs';
import type { LaunchSettings } from '../contract/config.ts';

/** Node as it runs here, for a shell. */
export const NODE = `'${process.execPath}'`;

/** How a server is made and started of which nothing particular is said. */
export function launchOf(start: string, folder: string, given: Partial<LaunchSettings> = {}): LaunchSettings {
  return {
    install: null,
    build: null,
    start,
    ready: null,
    env: {},
    cwd: '.',
    folder,
    root: folder,
    readyMs: 10_000,
    ...given,
  };
}

/** Processes that live and name a word in their command line, such as the folder of a test: but not this one. */
export function processesNaming(word: string): number[] {
  return readdirSync('/proc')
    .map(Number)
    .filter((pid) => Number.isInteger(pid) && pid !== process.pid && commandOf(pid).includes(word));
}

/** Empty where the process has ended. */
function commandOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
  } catch {
    return '';
  }
}
