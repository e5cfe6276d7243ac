import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { endingWithUs } from './endingWithUs.ts';

/** How much of what it says is kept for an error message, characters. */
const KEPT = 2_000;

/** How a program of somebody else's is started, and how it is told that it serves. */
export interface ProgramStart<T> {
  readonly program: string;
  readonly args: readonly string[];
  /** @default that of this process */
  readonly env?: SpawnOptions['env'];
  /** Resolves once the program serves; gives up where the signal says so. */
  readonly ready: (giveUp: AbortSignal) => Promise<T>;
  /** Time until it serves, milliseconds. */
  readonly readyMs: number;
  /** Of a program that ended instead. */
  readonly failure: (why: string) => Error;
}

/** A server of somebody else's with a directory of its own: it ends with this process, and may be started again on its data. */
export class PrivateProcess {
  readonly folder: string;
  readonly #graceMs: number;
  #child: ChildProcess | null = null;

  /**
   * @param folder goes with it
   * @param graceMs time to end by itself before it is killed, milliseconds
   */
  constructor(folder: string, graceMs: number) {
    this.folder = folder;
    this.#graceMs = graceMs;
  }

  /** 0: it does not run. */
  get pid(): number {
    return this.#child?.pid ?? 0;
  }

  /** @returns what `ready` does. Throws the failure where the program ends before that. */
  protected async launch<T>({ program, args, env, ready, readyMs, failure }: ProgramStart<T>): Promise<T> {
    const [command, words] = endingWithUs(program, args);
    // In a process group of its own: Ctrl-C in the terminal would end it while the run still saves what was measured.
    const child = spawn(command, words, {
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
      ...(env === undefined ? {} : { env }),
    });
    this.#child = child;
    let output = '';
    const keep = (chunk: Buffer): void => {
      output = (output + chunk.toString()).slice(-KEPT);
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    const over = new AbortController();
    const ended = once(child, 'exit')
      .finally(() => over.abort())
      .then(() => {
        throw failure(`it ended at once\n${output.trim()}`);
      });
    ended.catch(() => {});
    // Nobody is asked any more once it has ended: the process would wait for that.
    const giveUp = AbortSignal.any([over.signal, AbortSignal.timeout(readyMs)]);
    return Promise.race([ready(giveUp), ended]);
  }

  /** Ends it and removes its data; safe to call again. */
  async stop(): Promise<void> {
    await this.kill('SIGTERM');
    this.#removeData();
  }

  /** Ends the process and keeps its data; safe to call again. */
  async kill(signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    const child = this.#child;
    this.#child = null;
    if (child === null || child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, 'exit');
    child.kill(signal);
    const killer = setTimeout(() => child.kill('SIGKILL'), this.#graceMs);
    await gone;
    clearTimeout(killer);
  }

  /** For the end of this process, when nothing can be waited for any more. */
  killNow(): void {
    this.#child?.kill('SIGKILL');
    this.#removeData();
  }

  #removeData(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
