import { randomUUID } from 'node:crypto';
import { link, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BenchError, EXIT, messageOf } from '../contract/errors.ts';
import { readStartTicks } from './samplers/process.ts';

/** Who holds the lock. */
interface Holder {
  readonly pid: number;
  /** Tells this process from a later one of the same pid; null where the system does not say. */
  readonly startTicks: number | null;
  readonly startedAt: string;
  /** Tells this lock from any other, so that only its holder removes it. */
  readonly token: string;
}

export interface RunLock {
  /** Lets the next run in. May be called twice. */
  release(): Promise<void>;
}

/** One file per host, unless BENCH_LOCK_FILE names another. */
export function lockPath(): string {
  return process.env.BENCH_LOCK_FILE ?? join(tmpdir(), 'pushbench.lock');
}

/**
 * Takes the host for one run: two at a time would measure each other. A lock whose process is gone is taken over.
 * @throws BenchError (usage) naming the holder, or (internal) where the file cannot be written.
 */
export async function acquireRunLock(path: string = lockPath()): Promise<RunLock> {
  // The file appears with its content, by a link: nobody can ever read it half written.
  const draft = `${path}.${randomUUID()}`;
  const content = JSON.stringify(selfAsHolder());
  try {
    await writeDraft(draft, content);
    await claim(path, draft);
  } finally {
    await rm(draft, { force: true });
  }
  return { release: () => release(path, content) };
}

/** Does something while it holds the host, and lets it go however that ends. */
export async function underRunLock<T>(work: () => Promise<T>): Promise<T> {
  const lock = await acquireRunLock();
  try {
    return await work();
  } finally {
    await lock.release();
  }
}

async function claim(path: string, draft: string): Promise<void> {
  for (let attempt = 0; attempt < 3; attempt++) {
    if (await linked(path, draft)) return;
    const content = await contentOf(path);
    if (content === null) continue;
    const holder = parseHolder(content);
    if (holder !== null && isAlive(holder)) throw heldBy(holder, path);
    await removeStale(path, content);
  }
  throw new BenchError(`The lock ${path} changes hands too fast to be taken.`, {
    exitCode: EXIT.usage,
    hint: 'Another run is starting at this moment: try again when it has ended.',
  });
}

async function linked(path: string, from: string): Promise<boolean> {
  try {
    await link(from, path);
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw cannotWrite(path, error);
  }
}

/**
 * Takes a dead process's lock away. Two runs may judge the same lock stale, and the slower must not remove the
 * lock that the faster has set meanwhile: so it is moved aside first, looked at again, and put back where it is a new one.
 */
async function removeStale(path: string, judged: string): Promise<void> {
  const aside = `${path}.${randomUUID()}`;
  try {
    await rename(path, aside);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return;
    throw cannotWrite(path, error);
  }
  if ((await contentOf(aside)) !== judged) await linked(path, aside);
  await rm(aside, { force: true });
}

async function release(path: string, content: string): Promise<void> {
  if ((await contentOf(path)) === content) await rm(path, { force: true });
}

function selfAsHolder(): Holder {
  return {
    pid: process.pid,
    startTicks: readStartTicks(process.pid),
    startedAt: new Date().toISOString(),
    token: randomUUID(),
  };
}

function isAlive(holder: Holder): boolean {
  try {
    process.kill(holder.pid, 0);
  } catch (error) {
    // EPERM: there is such a process, of another user.
    if (codeOf(error) !== 'EPERM') return false;
  }
  return holder.startTicks === null || readStartTicks(holder.pid) === holder.startTicks;
}

/** What the file says, or null where it was never a lock of ours. */
function parseHolder(content: string): Holder | null {
  try {
    const value: unknown = JSON.parse(content);
    return isHolder(value) ? value : null;
  } catch {
    return null;
  }
}

function isHolder(value: unknown): value is Holder {
  if (typeof value !== 'object' || value === null) return false;
  if (!('pid' in value && 'startTicks' in value && 'startedAt' in value)) return false;
  const { pid, startTicks, startedAt } = value;
  const isPid = Number.isInteger(pid) && Number(pid) > 0;
  return isPid && (startTicks === null || typeof startTicks === 'number') && typeof startedAt === 'string';
}

async function contentOf(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null;
    throw cannotWrite(path, error);
  }
}

async function writeDraft(path: string, content: string): Promise<void> {
  try {
    await writeFile(path, content, { flag: 'wx' });
  } catch (error) {
    throw cannotWrite(path, error);
  }
}

function heldBy(holder: Holder, path: string): BenchError {
  return new BenchError(
    `Another run is going on: process ${holder.pid}, started ${holder.startedAt} (lock ${path}).`,
    {
      exitCode: EXIT.usage,
      hint: `Two runs on one host would measure each other. Wait until it ends, or stop it: kill -INT ${holder.pid}`,
    },
  );
}

function cannotWrite(path: string, cause: unknown): BenchError {
  return new BenchError(`The lock ${path} cannot be used: ${messageOf(cause)}`, {
    exitCode: EXIT.internal,
    hint: 'Name another file with the environment variable BENCH_LOCK_FILE, in a folder that you may write to.',
    cause,
  });
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}
