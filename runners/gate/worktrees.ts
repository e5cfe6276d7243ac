import { existsSync } from 'node:fs';
import { mkdtemp, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { readStartTicks } from '../samplers/process.ts';
import { gitOrThrow, type Repository } from './git.ts';

const FOLDER_PREFIX = 'pushbench-gate-';
/** Says whose the folder is, so that another gate can tell whether it was left behind. */
const OWNER_FILE = 'owner.json';

/** Checkouts of a repository, beside the user's own. */
export interface Worktrees {
  /**
   * Checks a commit out.
   * @returns the folder in it that `repository.prefix` names
   */
  add(name: string, commit: string): Promise<string>;
  /** Takes all of them away; safe to call again. */
  remove(): Promise<void>;
}

/** Checkouts in a folder of their own below the one for temporary files. */
export async function createWorktrees(repository: Repository): Promise<Worktrees> {
  const folder = await mkdtemp(join(await realpath(tmpdir()), FOLDER_PREFIX));
  const owner = { pid: process.pid, startTicks: readStartTicks(process.pid) };
  await writeFile(join(folder, OWNER_FILE), JSON.stringify(owner));
  const added: string[] = [];
  return {
    async add(name, commit) {
      const path = join(folder, name);
      // Noted before it is there: one that was made by half is taken away as well.
      added.push(path);
      await gitOrThrow(repository.root, ['worktree', 'add', '--detach', '--force', path, commit]);
      return join(path, repository.prefix);
    },
    async remove() {
      for (const path of added.splice(0)) await removeWorktree(repository, path);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/**
 * Takes away what a gate left behind that was killed outright. What no gate signed is left alone, whatever its folder is called: it
 * may be the user's own.
 * @returns the folders
 */
export async function removeStaleWorktrees(repository: Repository): Promise<readonly string[]> {
  const ours = (await listedPaths(repository)).filter((path) =>
    basename(dirname(path)).startsWith(FOLDER_PREFIX),
  );
  const stale: string[] = [];
  for (const path of ours) if (await isLeft(dirname(path))) stale.push(path);
  for (const path of stale) await removeWorktree(repository, path);
  for (const folder of new Set(stale.map(dirname))) await rm(folder, { recursive: true, force: true });
  return stale;
}

async function listedPaths({ root }: Repository): Promise<string[]> {
  const listed = await gitOrThrow(root, ['worktree', 'list', '--porcelain']);
  return [...listed.matchAll(/^worktree (.+)$/gm)].map(([, path]) => path);
}

async function removeWorktree(repository: Repository, path: string): Promise<void> {
  await rm(path, { recursive: true, force: true });
  // Only what git noted of it is left. `prune` would forget those of the user as well that lie on a disk which is not there now.
  if ((await listedPaths(repository)).includes(path))
    // Twice: one that was made by half is still locked.
    await gitOrThrow(repository.root, ['worktree', 'remove', '--force', '--force', path]);
}

/** True of a folder whose gate does not run any more. */
async function isLeft(folder: string): Promise<boolean> {
  const path = join(folder, OWNER_FILE);
  if (!existsSync(path)) return false;
  const owner: unknown = JSON.parse(await readFile(path, 'utf8'));
  if (typeof owner !== 'object' || owner === null || !('pid' in owner && 'startTicks' in owner)) return false;
  const { pid, startTicks } = owner;
  return typeof pid === 'number' && !isSame(pid, startTicks);
}

function isSame(pid: number, startTicks: unknown): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    // EPERM: there is such a process, of another user.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
  return startTicks === null || readStartTicks(pid) === startTicks;
}
