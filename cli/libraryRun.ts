import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Settings } from '../contract/config.ts';
import type { Fault } from '../contract/errors.ts';
import type { RunOptions } from '../contract/library.ts';
import type { RunResult } from '../contract/result.ts';
import type { Flags } from './given.ts';
import { prepareDirectory, removeEmpty } from './outputDirectory.ts';
import { settle } from './settle.ts';
import { writeRun } from './writeRun.ts';

/** Options that a config file has no key for: they are read as the flags of the same name. */
const FLAGS = [
  'bus',
  'security',
  'discovery',
  'balance',
  'link',
  'sweep',
  'calibrate',
  'allowRemote',
] as const satisfies readonly (keyof RunOptions)[];

/** What `run()` of the library does once it is known that this Node can. */
export async function runFromLibrary(options: RunOptions): Promise<RunResult> {
  const settings = await settingsOf(options);
  const { directory } = options;
  const { underRunLock } = await import('../runners/lock.ts');
  return underRunLock(() =>
    directory === undefined
      ? inScratch((scratch) => measure(settings, options, scratch))
      : intoDirectory(settings, options, resolve(options.cwd ?? '.', directory)),
  );
}

async function settingsOf(options: RunOptions): Promise<Settings> {
  const { cwd: given, directory, signal, onProgress, ...rest } = options;
  const cwd = resolve(given ?? '.');
  const settings = await settle(
    {
      flags: flagsOf(rest),
      env: {},
      config: without(rest, FLAGS),
      configFolder: cwd,
    },
    cwd,
    faultsOf(options),
  );
  // Profiles are files.
  if (directory !== undefined) return settings;
  return { ...settings, scenario: { ...settings.scenario, profile: 'none' } };
}

function flagsOf(options: RunOptions): Flags {
  return Object.fromEntries(FLAGS.map((key) => [key, options[key]]));
}

function without<T extends object>(value: T, keys: readonly string[]): object {
  return Object.fromEntries(Object.entries(value).filter(([key]) => !keys.includes(key)));
}

/** What only the library can be given wrongly. */
function faultsOf({ stages, target, directory, workload }: RunOptions): Fault[] {
  const faults: Fault[] = [];
  if (stages !== undefined && target !== undefined) {
    const expected = 'not together with target: either reference servers or your own';
    faults.push({ key: 'config.stages', value: stages, expected });
  }
  const profile = workload?.profile;
  if (directory === undefined && profile !== undefined && profile !== 'none') {
    const expected = 'only together with a directory, which profiles are written to';
    faults.push({ key: 'config.workload.profile', value: profile, expected });
  }
  return faults;
}

async function intoDirectory(settings: Settings, options: RunOptions, directory: string): Promise<RunResult> {
  const made = await prepareDirectory(directory);
  try {
    const result = await measure(settings, options, directory);
    await writeRun(result, directory);
    return result;
  } finally {
    // A run that was refused has written nothing.
    await removeEmpty(made);
  }
}

async function inScratch(use: (directory: string) => Promise<RunResult>): Promise<RunResult> {
  const directory = await mkdtemp(join(tmpdir(), 'pushbench-'));
  try {
    return await use(directory);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

async function measure(settings: Settings, options: RunOptions, directory: string): Promise<RunResult> {
  const { run } = await import('../runners/run.ts');
  return run(settings, {
    progress: options.onProgress ?? (() => {}),
    signal: options.signal ?? new AbortController().signal,
    directory,
    command: ['pushbench', 'run()'],
  });
}
