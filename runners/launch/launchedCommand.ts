import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { nowUs } from '../../contract/clock.ts';
import { endingWithUs } from '../endingWithUs.ts';
import { OutputLog } from './outputLog.ts';
import { ProcessTree } from './processTree.ts';
import { Watchdog } from './watchdog.ts';
import { withoutShell } from './withoutShell.ts';

/** Between two looks at whether processes are gone that are not our own children: of them no event tells. */
const LOOK_MS = 10;
/** For the last words of a process that has ended: another one may hold its output open. */
const LAST_WORDS_MS = 300;
/** Nothing outlives SIGKILL for longer, but what hangs in the kernel. */
const KILLED_MS = 2_000;

export interface CommandStart {
  /** For a shell. */
  readonly command: string;
  readonly folder: string;
  readonly env: NodeJS.ProcessEnv;
  /** File that its output goes to. */
  readonly log: string;
  /** Takes the secrets out of what it says. */
  readonly hide: (text: string) => string;
}

/**
 * A shell command of the user's with all that it starts. In a session of its own: Ctrl-C in the terminal would end it while the run
 * still saves what was measured. It ends with this process, however that ends.
 */
export class LaunchedCommand {
  readonly log: OutputLog;
  /** How it ended, in words such as `exit code 1`; the command alone, whatever it left behind. Never rejects. */
  readonly ended: Promise<string>;
  readonly #child: ChildProcess;
  readonly #watchdog: Watchdog | null;
  readonly #tree: ProcessTree | null;
  #stopping: Promise<boolean> | null = null;

  constructor({ command, folder, env, log, hide }: CommandStart) {
    this.log = new OutputLog(log, hide);
    const [program, words] = endingWithUs('sh', ['-c', withoutShell(command, env.PATH ?? '')]);
    this.#child = spawn(program, words, {
      cwd: folder,
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    const { pid } = this.#child;
    this.#watchdog = pid === undefined ? null : new Watchdog(pid);
    this.#tree = pid === undefined ? null : new ProcessTree(pid);
    this.#child.stdout?.on('data', (chunk: Buffer) => this.log.add(chunk));
    this.#child.stderr?.on('data', (chunk: Buffer) => this.log.add(chunk));
    this.ended = this.#watch();
  }

  /**
   * The command and all below it that live. The shell counts where it stays, since the user asked for it; a single program takes
   * its place.
   */
  pids(): readonly number[] {
    const seen = this.#tree?.pids() ?? [];
    const { pid } = this.#child;
    // Where there is no /proc, the one process that is known.
    return seen.length > 0 || pid === undefined || this.isOver ? seen : [pid];
  }

  /** True once the command has ended, though its last words may still be awaited. */
  get isOver(): boolean {
    const { exitCode, signalCode, pid } = this.#child;
    return exitCode !== null || signalCode !== null || pid === undefined;
  }

  /** True where the command has ended and others that it started go on. */
  hasLeftSome(): boolean {
    if (!this.isOver) return false;
    this.#tree?.findStrays();
    return this.pids().length > 0;
  }

  /**
   * Ends it and all that it left behind; none is left when it returns but what is another user's. Safe to call again.
   * @returns whether it ended by itself when it was told to
   */
  stop(graceMs: number): Promise<boolean> {
    this.#stopping ??= this.#stop(graceMs);
    return this.#stopping;
  }

  async #stop(graceMs: number): Promise<boolean> {
    this.#tree?.findStrays();
    this.#signal('SIGTERM');
    const isObedient = await this.#isGoneWithin(graceMs);
    let isGone = isObedient;
    if (!isGone) {
      this.#tree?.findStrays();
      this.#signal('SIGKILL');
      isGone = await this.#isGoneWithin(KILLED_MS);
    }
    if (isGone) await this.ended;
    await this.#watchdog?.dismiss();
    // Who escaped may hold the other ends, and would hold this process.
    this.#child.stdout?.destroy();
    this.#child.stderr?.destroy();
    this.log.close();
    return isObedient;
  }

  async #isGoneWithin(timeMs: number): Promise<boolean> {
    const giveUpUs = nowUs() + timeMs * 1_000;
    while (this.pids().length > 0) {
      if (nowUs() > giveUpUs) return false;
      await delay(LOOK_MS);
    }
    return true;
  }

  /** To the group at once, so that nobody sees another one go first, and to those that left it. */
  #signal(signal: 'SIGTERM' | 'SIGKILL'): void {
    const { pid } = this.#child;
    if (pid === undefined) return;
    // Looked for first: once the group is gone, their parents are.
    const others = this.#tree?.outsideGroup() ?? [];
    kill(-pid, signal);
    for (const other of others) kill(other, signal);
  }

  async #watch(): Promise<string> {
    const child = this.#child;
    const closed = once(child, 'close').catch(() => {});
    const end = await new Promise<string>((resolve) => {
      child.on('error', (error) => resolve(error.message));
      child.once('exit', (code, signal) => resolve(code === null ? `signal ${signal}` : `exit code ${code}`));
    });
    if (child.pid !== undefined)
      await Promise.race([closed, delay(LAST_WORDS_MS, undefined, { ref: false })]);
    return end;
  }
}

function kill(pid: number, signal: 'SIGTERM' | 'SIGKILL'): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : null;
    // Gone, which is what was wanted; or another user's, by sudo: then it is still there afterwards, which is told.
    if (code !== 'ESRCH' && code !== 'EPERM') throw error;
  }
}
