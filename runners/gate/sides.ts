import { existsSync, statSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { BenchError, EXIT, UsageError } from '../../contract/errors.ts';
import type { RunResult } from '../../contract/result.ts';
import { RESULT_FILE, readResult } from '../../reports/resultFile.ts';
import type { GateTurn } from './blockOrder.ts';
import { changedFiles, commitOf, findRepository, type Repository } from './git.ts';

/** A commit, to be checked out. */
export interface RefSide {
  readonly kind: 'ref';
  readonly named: string;
  readonly commit: string;
  readonly dirty: false;
}

/** A folder that is measured as it is. */
export interface DirectorySide {
  readonly kind: 'directory';
  readonly named: string;
  /** Absolute. */
  readonly folder: string;
  /** null: it is in no repository, or that has no commit yet. */
  readonly commit: string | null;
  readonly dirty: boolean | null;
}

/** What was measured before. */
export interface ResultSide {
  readonly kind: 'result';
  readonly named: string;
  readonly result: RunResult;
  /** null: it does not say. */
  readonly commit: string | null;
  readonly dirty: null;
}

export type LiveSide = RefSide | DirectorySide;
export type Side = LiveSide | ResultSide;

/** Where names are looked up. */
export interface SidePlaces {
  /** Folder that paths start from. */
  readonly cwd: string;
  /** Folder of the config file: what stands in its place in another checkout is what is measured. */
  readonly root: string;
  /** The one that `root` is in. */
  readonly repository: Repository | null;
  readonly allowDirty: boolean;
}

const HEAD = 'HEAD';

/**
 * Finds out what a side is: a path where it is written as one, then a git ref, then a path.
 * @param named null: the folder of the config file
 * @throws BenchError (usage) where it is neither, or not what the user sees
 */
export async function findSide(turn: GateTurn, named: string | null, places: SidePlaces): Promise<Side> {
  if (named === null) return directorySide(asPath(places), places.root);
  const path = resolve(places.cwd, named);
  const isWrittenAsPath = /^\.{1,2}(\/|$)|^\//.test(named);
  if (isWrittenAsPath || places.repository === null) return pathSide(turn, named, path, places);
  const commit = await commitOf(places.repository, named);
  if (commit === null) return pathSide(turn, named, path, places);
  if (turn === 'head') await refuseDirtyHead(named, commit, places.repository, places);
  return { kind: 'ref', named, commit, dirty: false };
}

/** The folder of the config file, as it would be named. */
function asPath({ cwd, root }: SidePlaces): string {
  const path = relative(cwd, root);
  if (path === '') return '.';
  return path.startsWith('..') ? path : `./${path}`;
}

async function pathSide(turn: GateTurn, named: string, path: string, places: SidePlaces): Promise<Side> {
  if (!existsSync(path)) throw missing(turn, named, places.repository);
  const isFile = !statSync(path).isDirectory();
  if (isFile || existsSync(join(path, RESULT_FILE))) return resultSide(turn, named, path);
  if (existsSync(join(path, 'gate.json'))) {
    throw wrong(turn, named, 'one side of an earlier gate, such as its folder head/ or base/');
  }
  return directorySide(named, path);
}

async function directorySide(named: string, folder: string): Promise<DirectorySide> {
  const repository = await findRepository(folder);
  const commit = repository === null ? null : await commitOf(repository, HEAD);
  const dirty = commit === null ? null : (await changedFiles(folder, true)).length > 0;
  return { kind: 'directory', named, folder, commit, dirty };
}

async function resultSide(turn: GateTurn, named: string, path: string): Promise<ResultSide> {
  const result = await readResult(path);
  if (result.runs.length === 0) throw wrong(turn, named, 'a result with at least one run');
  return { kind: 'result', named, result, commit: result.labels.commit ?? null, dirty: null };
}

/** Nothing that the user changed is in a checkout of HEAD, though it is what he sees. */
async function refuseDirtyHead(
  named: string,
  commit: string,
  repository: Repository,
  { allowDirty }: SidePlaces,
): Promise<void> {
  if (allowDirty || commit !== (await commitOf(repository, HEAD))) return;
  const changed = await changedFiles(repository.root, false);
  if (changed.length === 0) return;
  const shown = changed.slice(0, 3).map((line) => line.slice(3));
  const others = changed.length > shown.length ? ` and ${changed.length - shown.length} more` : '';
  throw new BenchError(
    `--head ${named}: what you see is not what would be measured: changed since the commit: ${shown.join(', ')}${others}.`,
    {
      exitCode: EXIT.usage,
      hint: 'Leave --head out to measure the files as they are; --allow-dirty measures the commit without the changes.',
    },
  );
}

function wrong(turn: GateTurn, named: string, expected: string): UsageError {
  return new UsageError([{ key: `--${turn}`, value: named, expected }], 'bench gate --help has examples.');
}

function missing(turn: GateTurn, named: string, repository: Repository | null): BenchError {
  if (repository === null) {
    return new BenchError(
      `--${turn} ${named}: there is no such folder or result, and no git repository to find a ref in.`,
      {
        exitCode: EXIT.usage,
        hint: 'Run it inside the repository of your server, or name folders or results.',
      },
    );
  }
  if (/^[./]/.test(named)) {
    return new BenchError(`--${turn} ${named}: there is no such folder or result.`, {
      exitCode: EXIT.usage,
      hint: 'A name that begins with . or / is a path; a git ref goes by its name, such as origin/main.',
    });
  }
  const { root, isShallow } = repository;
  const what = `--${turn} ${named}: no such ref in ${root}, and no such folder or result.`;
  if (!isShallow) {
    const hint = `\`git -C ${root} fetch\` may bring it; \`git -C ${root} branch --all\` shows what is there.`;
    return new BenchError(what, { exitCode: EXIT.usage, hint });
  }
  // A shallow clone follows one branch: another comes only under a name that is given.
  const [, branch] = /^origin\/([\w./-]+)$/.exec(named) ?? [];
  const one = branch === undefined ? '' : `, or git fetch origin +refs/heads/${branch}:refs/remotes/${named}`;
  return new BenchError(`${what} The clone is shallow: earlier commits are not in it.`, {
    exitCode: EXIT.usage,
    hint: `In GitHub Actions give actions/checkout \`fetch-depth: 0\`, in GitLab set GIT_DEPTH: 0; by hand: git fetch --unshallow --tags${one}`,
  });
}
