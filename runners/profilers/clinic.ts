import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFile, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { BenchError, EXIT, messageOf } from '../../contract/errors.ts';
import { clinicFolder } from './clinicPackage.ts';
import { firstJsonLine } from './firstJsonLine.ts';

export type ClinicTool = 'flame' | 'doctor' | 'bubbleprof';

export interface ClinicOptions {
  readonly tool: ClinicTool;
  /**
   * Script and arguments of the server. It prints one JSON line when it is ready, and ends on SIGINT (which may come twice)
   * as well as at the end of its standard input, so that it does not outlive a killed coordinator.
   */
  readonly entry: readonly string[];
  /** Path of the HTML page that `stop` writes. */
  readonly destination: string;
  /** Ends everything at once, without a page. */
  readonly signal: AbortSignal;
  /** Flags of Node for the server. @default [] */
  readonly nodeFlags?: readonly string[];
  /** Bound of the time that clinic takes for its page, milliseconds. @default 120000 */
  readonly pageTimeoutMs?: number;
}

export interface ClinicServer {
  /** Process of clinic; the server is a child of it, in the same process group. */
  readonly pid: number;
  /** What the server printed when it was ready. */
  readonly firstLine: object;
  /**
   * Ends the server, waits for the page and leaves nothing else behind.
   * @throws BenchError where clinic makes no page, or not in time.
   */
  stop(): Promise<{ readonly htmlPath: string }>;
}

const PAGE_TIMEOUT_MS = 120_000;
/** Node writes its trace log about once a second: of a server that ends sooner clinic finds nothing. */
const LEAST_LIFE_MS = 2_000;

/**
 * Starts a server under a tool of clinic and waits until it is ready.
 * @throws BenchError where clinic is not installed or the server does not come up; the signal's reason when aborted.
 */
export async function startClinicServer(
  options: ClinicOptions,
  folder: string | null = clinicFolder(),
): Promise<ClinicServer> {
  if (folder === null) throw notInstalled(options.tool);
  options.signal.throwIfAborted();
  const run = await ClinicRun.start(join(folder, 'bin.js'), options);
  try {
    return { pid: run.pid, firstLine: await run.ready(), stop: () => run.stop() };
  } catch (error) {
    await run.kill();
    options.signal.throwIfAborted();
    throw error;
  }
}

class ClinicRun {
  readonly #options: ClinicOptions;
  readonly #child: ChildProcess;
  readonly #ended: Promise<unknown>;
  /** Clinic litters its working folder with traces and logs. */
  readonly #workFolder: string;
  #stderr = '';
  #readyAtMs = 0;
  readonly #abort = () => this.#signal('SIGKILL');

  static async start(bin: string, options: ClinicOptions): Promise<ClinicRun> {
    const workFolder = await mkdtemp(join(tmpdir(), 'pushbench-clinic-'));
    return new ClinicRun(spawnClinic(bin, options, workFolder), options, workFolder);
  }

  constructor(child: ChildProcess, options: ClinicOptions, workFolder: string) {
    this.#child = child;
    this.#options = options;
    this.#workFolder = workFolder;
    this.#ended = once(child, 'close');
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#stderr = (this.#stderr + text).slice(-8_000);
    });
    options.signal.addEventListener('abort', this.#abort, { once: true });
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  async ready(): Promise<object> {
    const { stdout } = this.#child;
    const line = stdout === null ? null : await firstJsonLine(stdout);
    if (line === null) throw this.#failed('ended before the server was ready');
    this.#readyAtMs = performance.now();
    return line;
  }

  async stop(): Promise<{ readonly htmlPath: string }> {
    const timeoutMs = this.#options.pageTimeoutMs ?? PAGE_TIMEOUT_MS;
    const timer = setTimeout(this.#abort, timeoutMs);
    try {
      const leftMs = this.#readyAtMs + LEAST_LIFE_MS - performance.now();
      if (leftMs > 0) await Promise.race([delay(leftMs), this.#ended]);
      this.#signal('SIGINT');
      await this.#ended;
      this.#options.signal.throwIfAborted();
      if (this.#child.exitCode !== 0) throw this.#failed(`ended with ${this.#exit()}`);
      await this.#keepPage();
      return { htmlPath: this.#options.destination };
    } finally {
      clearTimeout(timer);
      await this.kill();
    }
  }

  /** Ends whatever still runs and removes the working folder. */
  async kill(): Promise<void> {
    this.#options.signal.removeEventListener('abort', this.#abort);
    this.#signal('SIGKILL');
    await this.#ended;
    await rm(this.#workFolder, { recursive: true, force: true });
  }

  async #keepPage(): Promise<void> {
    const pages = (await readdir(this.#workFolder)).filter((name) => name.endsWith('.html'));
    if (pages[0] === undefined) throw this.#failed('wrote no page');
    // A copy, not a move: the temporary folder may be another file system.
    try {
      await copyFile(join(this.#workFolder, pages[0]), this.#options.destination);
    } catch (cause) {
      throw new BenchError(`The page of clinic could not be written: ${messageOf(cause)}`, {
        exitCode: EXIT.internal,
        hint: 'Choose a folder that can be written, with free space: --out DIR.',
        cause,
      });
    }
  }

  /** To the group, as a terminal does: clinic flame does not pass the signal on to its server. */
  #signal(signal: NodeJS.Signals): void {
    if (this.#child.pid === undefined || this.#child.exitCode !== null || this.#child.signalCode !== null)
      return;
    try {
      process.kill(process.platform === 'win32' ? this.#child.pid : -this.#child.pid, signal);
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
    }
  }

  #exit(): string {
    return this.#child.signalCode ?? `exit code ${this.#child.exitCode}`;
  }

  #failed(what: string): BenchError {
    // The stack frames of clinic's own libraries say nothing to the reader.
    const lines = this.#stderr.split('\n').filter((line) => line.trim() !== '' && !/^\s+at /.test(line));
    const said = lines.slice(-8).join('\n');
    return new BenchError(`clinic ${this.#options.tool} ${what}.${said && ` It said:\n${said}`}`, {
      exitCode: EXIT.internal,
      hint: 'Run again with --profile cpu, which needs no clinic.',
    });
  }
}

function spawnClinic(bin: string, options: ClinicOptions, workFolder: string): ChildProcess {
  const server = [process.execPath, ...(options.nodeFlags ?? []), ...options.entry];
  return spawn(
    process.execPath,
    [bin, options.tool, '--open=false', `--dest=${workFolder}`, '--', ...server],
    {
      cwd: workFolder,
      stdio: ['pipe', 'pipe', 'pipe'],
      // A group of its own, so that a Ctrl-C in the terminal reaches it through `stop` only.
      detached: process.platform !== 'win32',
      // Without NO_INSIGHT clinic asks for a permission, and without a terminal it ends at once.
      env: { ...process.env, NO_INSIGHT: '1', NO_UPDATE_NOTIFIER: '1' },
    },
  );
}

/** @throws BenchError where clinic is not installed: better said before the run than after it. */
export function requireClinic(tool: ClinicTool): void {
  if (clinicFolder() === null) throw notInstalled(tool);
}

function notInstalled(tool: ClinicTool): BenchError {
  return new BenchError(`clinic is not installed, and --profile clinic-${tool} needs it.`, {
    exitCode: EXIT.usage,
    hint: 'Install it beside pushbench: npm i -D clinic. Or take --profile cpu, which needs nothing.',
  });
}
