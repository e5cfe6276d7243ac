import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import type { Server, Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { RunResult } from '../contract/result.ts';
import { readResult } from '../reports/resultFile.ts';

export const ROOT = fileURLToPath(new URL('..', import.meta.url));
const LAUNCHER = join(ROOT, 'bin', 'bench.js');

/** Small enough for a shared machine, whole enough to pass through every phase but the profile. */
export const TINY = '--connections 40 --rooms 4 --rate 80 --probes 4 --memory-levels 0 --no-profile'.split(
  ' ',
);
export const SHORT = [...TINY, '--warmup', '1s', '--duration', '1s'];

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A folder for the results, lock and config of one test; gone after it. */
export async function withFolder<T>(use: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'pushbench-e2e-'));
  try {
    return await use(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** One `bench` command as a user starts it, with a lock of its own. */
export class Bench {
  readonly child: ChildProcess;
  readonly out: string;
  readonly ended: Promise<Ended>;
  #stdout = '';
  #stderr = '';

  constructor(folder: string, args: readonly string[], shell: string | null = null) {
    this.out = join(folder, 'result');
    const command = [process.execPath, LAUNCHER, ...args];
    const env = { ...process.env, BENCH_LOCK_FILE: join(folder, 'lock') };
    const [file, ...rest] = shell === null ? command : ['bash', '-c', shell, 'bench', ...command];
    this.child = spawn(file, rest, { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] });
    this.child.stdout?.on('data', (chunk: Buffer) => {
      this.#stdout += chunk;
    });
    this.child.stderr?.on('data', (chunk: Buffer) => {
      this.#stderr += chunk;
      this.child.emit('said');
    });
    this.ended = once(this.child, 'close').then(([code, signal]) => ({
      code,
      signal,
      stdout: this.#stdout,
      stderr: this.#stderr,
    }));
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  /**
   * Waits until stderr says it. Plain progress tells a phase when the next one begins.
   * @throws Error where the command ends without having said it
   */
  async says(pattern: RegExp): Promise<void> {
    while (!pattern.test(this.#stderr)) {
      const ended = await Promise.race([
        once(this.child, 'said').then(() => false),
        this.ended.then(() => true),
      ]);
      if (ended && !pattern.test(this.#stderr)) throw new Error(`never said ${pattern}:\n${this.#stderr}`);
    }
  }

  result(): Promise<RunResult> {
    return readResult(this.out);
  }
}

/** `bench run` with its results in the folder. */
export function startRun(folder: string, args: readonly string[], shell: string | null = null): Bench {
  return new Bench(folder, ['run', '--out', join(folder, 'result'), ...args], shell);
}

/** Pids of the children of a process, with their command lines. */
export function childrenOf(pid: number): { pid: number; command: string }[] {
  const tasks = readdirSync(`/proc/${pid}/task`);
  const pids = tasks.flatMap((task) =>
    readFileSync(`/proc/${pid}/task/${task}/children`, 'utf8').split(' ').filter(Boolean).map(Number),
  );
  return pids.map((child) => ({
    pid: child,
    command: readFileSync(`/proc/${child}/cmdline`, 'utf8').replaceAll('\0', ' '),
  }));
}

/** Pid of the child that runs a role; the probe is a load worker too, started after the bulk one. */
export function roleOf(pid: number, script: string): number {
  const found = childrenOf(pid).find(({ command }) => command.includes(`/roles/${script}.`));
  if (found === undefined) throw new Error(`process ${pid} has no child ${script}`);
  return found.pid;
}

/** True while a process runs; one that is dead and not yet buried does not. Its sockets live as long as its last thread. */
export function isRunning(pid: number): boolean {
  try {
    const isDead = /\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, 'latin1'));
    return !isDead || readdirSync(`/proc/${pid}/task`).length > 1;
  } catch {
    return false;
  }
}

/** Waits for processes that are not our children, of which no event tells. */
export async function whenGone(pids: readonly number[]): Promise<void> {
  while (pids.some(isRunning)) await delay(20);
}

/** TCP ports on which a process listens. */
export function listeningPorts(pid: number): number[] {
  const inodes = readdirSync(`/proc/${pid}/fd`).map((fd) => {
    try {
      return readlinkSync(`/proc/${pid}/fd/${fd}`);
    } catch {
      return '';
    }
  });
  const lines = readFileSync(`/proc/${pid}/net/tcp`, 'utf8').split('\n').slice(1);
  return lines.flatMap((line) => {
    const [, local, , state, , , , , , inode] = line.trim().split(/\s+/);
    const isOwn = state === '0A' && inodes.includes(`socket:[${inode}]`);
    return isOwn ? Number.parseInt(local.split(':')[1], 16) : [];
  });
}

/** Reasons that a busy machine may give: they touch no ledger. */
const BUSY_MACHINE = ['sendLag', 'generatorStalled', 'pollSchedule'];

/** The run was measured to its end. On a busy machine its latencies may not count, which is no fault of the run. */
export function assertMeasured({ code, stderr }: Ended, result: RunResult): void {
  const invalid = result.runs.flatMap(({ validity }) =>
    validity.reasons.filter(({ verdict }) => verdict === 'INVALID'),
  );
  assert.deepEqual(
    invalid.filter((reason) => !BUSY_MACHINE.includes(reason.code)),
    [],
    stderr,
  );
  assert.equal(code, invalid.length === 0 ? 0 : 3, stderr);
  assert.equal(result.status, 'complete');
}

/** Listens for the time of a test; every connection is cut at its end. */
export async function withListening(server: Server, use: (port: number) => Promise<void>): Promise<void> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  try {
    await use(typeof address === 'object' && address !== null ? address.port : 0);
  } finally {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  }
}
