import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { BenchError, EXIT } from '../../contract/errors.ts';
import { findProgram } from '../findProgram.ts';
import { freePort } from '../freePort.ts';
import { PrivateProcess } from '../privateProcess.ts';

/** Time until it says that it is healthy: it elects itself first. */
const READY_MS = 15_000;
const RETRY_MS = 50;
const ASK_MS = 1_000;
/** Time to end by itself before it is killed, milliseconds. */
const STOP_GRACE_MS = 2_000;
/** Bytes of its store: a run keeps a few entries. */
const STORE_BYTES = 64 * 1_024 * 1_024;
const HINT =
  'apt install etcd-server, name one that runs: --discovery etcd://host:port, or do without: --discovery static.';

/** @throws BenchError where there is none on the PATH. */
export function findEtcd(path = process.env.PATH ?? ''): string {
  const found = findProgram('etcd', path);
  if (found !== null) return found;
  throw new BenchError('etcd is not on the PATH, and this discovery needs one', {
    exitCode: EXIT.usage,
    hint: HINT,
  });
}

/** An etcd of our own on free loopback ports, in a directory of its own that goes with it. */
export class PrivateEtcd extends PrivateProcess {
  readonly url: string;
  readonly #program: string;
  readonly #peerUrl: string;
  #name = 'etcd';

  private constructor(program: string, ports: readonly number[], folder: string) {
    super(folder, STOP_GRACE_MS);
    this.#program = program;
    this.url = `http://127.0.0.1:${ports[0]}`;
    this.#peerUrl = `http://127.0.0.1:${ports[1]}`;
  }

  /** An unstarted one. @throws BenchError where etcd is not on the PATH. */
  static async create(): Promise<PrivateEtcd> {
    const program = findEtcd();
    const ports = [await freePort(), await freePort()];
    return new PrivateEtcd(program, ports, await mkdtemp(join(tmpdir(), 'pushbench-etcd-')));
  }

  /** With its version, once it has started. */
  get name(): string {
    return this.#name;
  }

  /** Starts it, again on the same ports and data where it ran before. @throws BenchError where it does not come up */
  async start(): Promise<void> {
    const version = await this.launch({
      program: this.#program,
      args: this.#arguments(),
      // What the user's shell sets for an etcd of theirs must not reach this one.
      env: { PATH: process.env.PATH },
      ready: (giveUp) => this.#healthy(giveUp),
      readyMs: READY_MS,
      failure: notStarted,
    });
    this.#name = `etcd ${version}`;
  }

  #arguments(): string[] {
    return [
      ...['--name', 'pushbench', '--data-dir', this.folder],
      ...['--listen-client-urls', this.url, '--advertise-client-urls', this.url],
      ...['--listen-peer-urls', this.#peerUrl, '--initial-advertise-peer-urls', this.#peerUrl],
      ...['--initial-cluster', `pushbench=${this.#peerUrl}`],
      ...['--quota-backend-bytes', String(STORE_BYTES), '--logger', 'zap', '--log-level', 'warn'],
    ];
  }

  /** @returns its version */
  async #healthy(giveUp: AbortSignal): Promise<string> {
    for (;;) {
      if (field(await this.#ask('/health'), 'health') === 'true') break;
      if (giveUp.aborted) throw notStarted(`it is not healthy within ${READY_MS} ms`);
      await delay(RETRY_MS);
    }
    return field(await this.#ask('/version'), 'etcdserver') ?? 'of unknown version';
  }

  /** null: no answer yet. */
  async #ask(path: string): Promise<unknown> {
    try {
      const answer = await fetch(this.url + path, { signal: AbortSignal.timeout(ASK_MS) });
      return await answer.json();
    } catch {
      return null;
    }
  }
}

function field(answer: unknown, name: string): string | null {
  if (typeof answer !== 'object' || answer === null) return null;
  const value = Object.entries(answer).find(([key]) => key === name)?.[1];
  return typeof value === 'string' ? value : null;
}

function notStarted(why: string): BenchError {
  return new BenchError(`etcd did not start: ${why}`, { exitCode: EXIT.systemUnderTest, hint: HINT });
}
