import { execFile } from 'node:child_process';
import { BenchError, EXIT, messageOf } from '../../contract/errors.ts';

/** Inside a hook, git tells its children which repository they are in: then another folder would not be looked at. */
const ITS_OWN = /^GIT_(DIR|WORK_TREE|INDEX_FILE|PREFIX|COMMON_DIR|OBJECT_DIRECTORY|NAMESPACE)$/;
const MOST_OUTPUT_BYTES = 64 * 1_048_576;

/** The repository that a folder is in. */
export interface Repository {
  /** Its working tree, absolute. */
  readonly root: string;
  /** The folder, from the root; empty: it is the root. */
  readonly prefix: string;
  /** True where only the newest commits are there, as after the checkout of most CI systems. */
  readonly isShallow: boolean;
}

/** How a git command ended. */
interface GitEnd {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * The repository around a folder; null where it is in none.
 * @throws BenchError (usage) where there is no git to ask, or it refuses to look
 */
export async function findRepository(folder: string): Promise<Repository | null> {
  const asked = ['rev-parse', '--show-toplevel', '--show-prefix', '--is-shallow-repository'];
  const { code, stdout, stderr } = await git(folder, asked);
  if (code === 0) {
    const [root = '', prefix = '', shallow = ''] = stdout.split('\n');
    return { root, prefix: prefix.replace(/\/$/, ''), isShallow: shallow === 'true' };
  }
  if (/not a git repository/.test(stderr)) return null;
  throw new BenchError(`git cannot be asked about ${folder}: ${firstLine(stderr)}`, {
    exitCode: EXIT.usage,
    hint: `Try it by hand: git -C ${folder} status`,
  });
}

/** Full name of the commit that a ref stands for; null where there is none of that name. */
export async function commitOf({ root }: Repository, ref: string): Promise<string | null> {
  if (ref.startsWith('-')) return null;
  const { code, stdout } = await git(root, ['rev-parse', '--verify', '--quiet', `${ref}^{commit}`]);
  return code === 0 ? stdout.trim() : null;
}

/** What is not part of what is measured, though it stands beside it: the load, and results. */
const BESIDE = [':(exclude,glob)**/bench.config.*', ':(exclude,glob)**/bench-results/**'];

/**
 * Files of a folder that differ from the commit, as git tells them.
 * @param untracked whether files that git was never told of count
 */
export async function changedFiles(folder: string, untracked: boolean): Promise<readonly string[]> {
  const asked = ['status', '--porcelain', `--untracked-files=${untracked ? 'normal' : 'no'}`, '--', '.'];
  const stdout = await gitOrThrow(folder, [...asked, ...BESIDE]);
  return stdout.split('\n').filter((line) => line !== '');
}

/** What git says. @throws BenchError (usage) with its own words where it fails */
export async function gitOrThrow(folder: string, args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await git(folder, args);
  if (code === 0) return stdout;
  throw new BenchError(`git ${args[0]} failed in ${folder}: ${stderr.trim()}`, {
    exitCode: EXIT.usage,
    hint: `Try it by hand: git -C ${folder} ${args.join(' ')}`,
  });
}

function git(folder: string, args: readonly string[]): Promise<GitEnd> {
  const { promise, resolve, reject } = Promise.withResolvers<GitEnd>();
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !ITS_OWN.test(name)));
  const options = { env: { ...env, LC_ALL: 'C' }, maxBuffer: MOST_OUTPUT_BYTES };
  // Its hooks are made for the user's own checkouts.
  const words = ['-C', folder, '-c', 'core.hooksPath=/dev/null', ...args];
  execFile('git', words, options, (error, stdout, stderr) => {
    const code = error === null ? 0 : error.code;
    if (typeof code === 'number') resolve({ code, stdout, stderr });
    else reject(withoutGit(error));
  });
  return promise;
}

function withoutGit(cause: unknown): BenchError {
  return new BenchError(`git cannot be started: ${messageOf(cause)}`, {
    exitCode: EXIT.usage,
    hint: 'Install git, or name two folders or two results, such as --base ../before --head .',
    cause,
  });
}

function firstLine(text: string): string {
  return text.trim().split('\n')[0];
}
