import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { findPackageJSON } from 'node:module';
import { availableParallelism, cpus, hostname, platform, release } from 'node:os';
import type { Host } from '../../contract/result.ts';
import { readLimits, UNLIMITED } from './limits.ts';
import { PROC_ROOT } from './procFile.ts';

const GIT_TIMEOUT_MS = 5_000;

/**
 * What a result has to say of the machine and the software. About 20 ms, most of it git: once per run.
 * `folder` is the checkout whose commit is named: the user's own, where pushbench is installed in it.
 */
export function readHostFacts(folder: string = process.cwd(), root: string = PROC_ROOT): Host {
  const limits = readLimits(root);
  return {
    hostname: hostname(),
    platform: `${platform()} ${process.arch}`,
    kernel: release(),
    cpuModel: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    memoryBytes: limits.memTotalBytes,
    nodeVersion: process.version,
    v8Flags: nodeFlags(),
    openFilesLimit: limits.openFiles?.soft ?? UNLIMITED,
    somaxconn: limits.somaxconn,
    ephemeralPorts: limits.ephemeralPorts && [...limits.ephemeralPorts],
    packages: readPackages(),
    ...readCheckout(folder),
  };
}

/** Flags that reach every role: those of this process and of the environment. */
function nodeFlags(): string[] {
  const fromEnvironment = process.env.NODE_OPTIONS?.split(' ').filter((flag) => flag !== '') ?? [];
  return [...process.execArgv, ...fromEnvironment];
}

/** Installed versions of this package's dependencies; one that is not installed is left out. */
export function readPackages(): Record<string, string> {
  const own = findPackageJSON(import.meta.url);
  const { dependencies } = own === undefined ? {} : readManifest(own);
  if (typeof dependencies !== 'object' || dependencies === null) return {};
  const versions = Object.keys(dependencies).map((name): [string, string | null] => [name, versionOf(name)]);
  return Object.fromEntries(
    versions.flatMap(([name, version]) => (version === null ? [] : [[name, version]])),
  );
}

function versionOf(name: string): string | null {
  try {
    const path = findPackageJSON(name, import.meta.url);
    const { version } = path === undefined ? {} : readManifest(path);
    return typeof version === 'string' ? version : null;
  } catch {
    // Thrown where the package is not installed.
    return null;
  }
}

function readManifest(path: string): { dependencies?: unknown; version?: unknown } {
  const manifest: unknown = JSON.parse(readFileSync(path, 'utf8'));
  return typeof manifest === 'object' && manifest !== null ? manifest : {};
}

/** Commit of a checkout, and whether tracked files differ from it; nulls where there is none, or no git. */
export function readCheckout(folder: string): Pick<Host, 'gitCommit' | 'gitDirty'> {
  const gitCommit = git(folder, 'rev-parse', '--verify', 'HEAD');
  if (gitCommit === null) return { gitCommit, gitDirty: null };
  const changes = git(folder, 'status', '--porcelain', '--untracked-files=no');
  return { gitCommit, gitDirty: changes === null ? null : changes !== '' };
}

function git(folder: string, ...args: string[]): string | null {
  try {
    // No locks: a benchmark must not disturb a git command of the user's.
    return execFileSync('git', ['--no-optional-locks', ...args], {
      cwd: folder,
      encoding: 'utf8',
      timeout: GIT_TIMEOUT_MS,
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
  } catch {
    // No git, or no checkout: the result says null.
    return null;
  }
}
