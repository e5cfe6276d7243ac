import { existsSync } from 'node:fs';
import { open, readdir, rename, rm, rmdir, statfs, symlink } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import type { Settings } from '../contract/config.ts';
import { BenchError, EXIT, messageOf } from '../contract/errors.ts';
import { makeFolders } from '../runners/makeFolders.ts';

/** Room that a result with its report and profiles needs at most. */
const NEEDED_BYTES = 64 * 1_048_576;

/** Files that must not be written over. */
const HELD = ['result.json', 'selftest.json', 'gate.json'];

type ReadSpace = (path: string) => Promise<{ readonly bavail: number; readonly bsize: number }>;

/** Where the results of `bench run` go, below the current folder. */
export const RESULTS_FOLDER = 'bench-results';

/**
 * The folder that --out names.
 * @throws BenchError where it is empty, as from a variable of a script that is not set: the current folder was not meant
 */
export function namedDirectory(cwd: string, out: string): string {
  if (out.trim() !== '') return resolve(cwd, out);
  throw new BenchError('--out "": a folder is needed.', {
    exitCode: EXIT.usage,
    hint: 'Name one, with --out DIR, or give no --out for one below bench-results/.',
  });
}

/** Where an outcome goes that is of a kind and not of stages: `bench-results/<time>-gate`. */
export function timedDirectory(kind: string, now: Date = new Date()): string {
  return join(RESULTS_FOLDER, `${timeText(now)}-${kind}`);
}

function timeText(now: Date): string {
  return now.toISOString().slice(0, 19).replaceAll(':', '').replace('T', '-');
}

/** The result folder: as given, or `bench-results/<time>-<stages>-<scenario>`. */
export function resultDirectory(cwd: string, out: string | null, settings: Settings, now: Date): string {
  if (out !== null) return namedDirectory(cwd, out);
  const stages = settings.stages.map(({ stage, variant }) => `${stage}-${variant}`);
  const name = [
    timeText(now),
    stages.length > 3 ? `${stages.length}-variants` : stages.join('-'),
    settings.scenario.name,
  ];
  return resolve(cwd, RESULTS_FOLDER, name.join('-'));
}

/**
 * Makes the folder and proves that results can be written to it, before any load starts.
 * @returns the folders that were made for it, outermost first
 * @throws BenchError where it cannot be made or written, is full, or holds another result
 */
export async function prepareDirectory(
  directory: string,
  readSpace: ReadSpace = statfs,
): Promise<readonly string[]> {
  if (HELD.some((name) => existsSync(join(directory, name)))) {
    throw refused(directory, 'it already holds a result', 'Name another folder, or remove that one.');
  }
  let made: readonly string[];
  try {
    made = await makeFolders(directory);
    await writeProbe(join(directory, '.pushbench-probe'));
  } catch (error) {
    throw refused(directory, messageOf(error), 'Name a folder that you may write to, with --out DIR.', error);
  }
  const { bavail, bsize } = await readSpace(directory);
  if (bavail * bsize < NEEDED_BYTES) {
    const free = Math.floor((bavail * bsize) / 1_048_576);
    throw refused(
      directory,
      `${free} MiB are free, 64 MiB are needed`,
      'Free some space, or name another disk.',
    );
  }
  return made;
}

/** Takes away again what was made for a run that wrote nothing; a folder with something in it stays, and those around it. */
export async function removeEmpty(made: readonly string[]): Promise<void> {
  for (const folder of made.toReversed()) {
    if ((await readdir(folder)).length > 0) return;
    await rmdir(folder);
  }
}

/** Bytes on the disk, synced: a full disk only shows then. */
async function writeProbe(path: string): Promise<void> {
  const file = await open(path, 'w');
  try {
    await file.write(Buffer.alloc(65_536));
    await file.sync();
  } finally {
    await file.close();
    await rm(path, { force: true });
  }
}

/** Points `bench-results/latest` at the folder. Made aside and renamed, so that the link never is absent. */
export async function linkLatest(directory: string): Promise<void> {
  const link = join(dirname(directory), 'latest');
  const aside = `${link}.${process.pid}`;
  await symlink(basename(directory), aside, 'dir');
  await rename(aside, link);
}

function refused(directory: string, why: string, hint: string, cause?: unknown): BenchError {
  return new BenchError(`--out ${directory}: ${why}.`, { exitCode: EXIT.usage, hint, cause });
}
