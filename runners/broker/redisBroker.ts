import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BenchError, EXIT } from '../../contract/errors.ts';
import { findProgram } from '../findProgram.ts';
import { freePort } from '../freePort.ts';
import { PrivateProcess } from '../privateProcess.ts';
import type { Broker } from './broker.ts';
import { pingRedis } from './pingRedis.ts';

/** A private Redis holds at most this; then it refuses rather than forgets. */
const MAX_MEMORY = '1gb';
/** Time until it answers PING, milliseconds. */
const READY_MS = 10_000;
const RETRY_MS = 20;
/** Time to end by itself before it is killed, milliseconds. */
const STOP_GRACE_MS = 1_000;
const HINT = 'apt install redis-server, or name one that runs: --bus redis-pubsub=redis://host:port.';

/** @throws BenchError where there is none on the PATH. */
export function findRedisServer(path = process.env.PATH ?? ''): string {
  const found = findProgram('redis-server', path);
  if (found !== null) return found;
  throw new BenchError('redis-server is not on the PATH, and this bus needs one', {
    exitCode: EXIT.usage,
    hint: HINT,
  });
}

/**
 * When the log of writes reaches the disk. `everysec`, Redis' own default, may lose about a second of what it has
 * answered in a crash; `always` loses nothing.
 */
export type Fsync = 'everysec' | 'always';

/**
 * A redis-server of our own on a free loopback port, in a directory of its own that goes with it.
 * Its log of writes is on: with Streams it is what makes them durable, with Pub/Sub it holds the id counter alone.
 */
export class PrivateRedis extends PrivateProcess implements Broker {
  readonly url: string;
  readonly #program: string;
  readonly #port: number;
  readonly #fsync: Fsync;
  #name = 'redis-server';

  private constructor(program: string, port: number, folder: string, fsync: Fsync) {
    super(folder, STOP_GRACE_MS);
    this.#program = program;
    this.#fsync = fsync;
    this.#port = port;
    this.url = `redis://127.0.0.1:${port}/`;
  }

  /** An unstarted one. @throws BenchError where redis-server is not on the PATH. */
  static async create(fsync: Fsync = 'everysec'): Promise<PrivateRedis> {
    const program = findRedisServer();
    const folder = await mkdtemp(join(tmpdir(), 'pushbench-redis-'));
    return new PrivateRedis(program, await freePort(), folder, fsync);
  }

  get name(): string {
    return this.#name;
  }

  /** Starts it, again on the same port and data where it ran before. */
  async start(): Promise<void> {
    const version = await this.launch({
      program: this.#program,
      args: this.#arguments(),
      ready: (giveUp) => this.#answered(giveUp),
      readyMs: READY_MS,
      failure: notStarted,
    });
    this.#name = `redis-server ${version}`;
  }

  #arguments(): string[] {
    return [
      ...['--port', String(this.#port), '--bind', '127.0.0.1', '--protected-mode', 'yes'],
      ...['--dir', this.folder, '--save', '', '--appendonly', 'yes', '--appendfsync', this.#fsync],
      ...['--maxmemory', MAX_MEMORY, '--maxmemory-policy', 'noeviction'],
      ...['--client-output-buffer-limit', 'pubsub 64mb 64mb 0', '--daemonize', 'no'],
    ];
  }

  async #answered(giveUp: AbortSignal): Promise<string> {
    for (;;) {
      const answer = await pingRedis({ host: '127.0.0.1', port: this.#port });
      if (answer.state === 'redis') return answer.version;
      if (giveUp.aborted) throw notStarted(`no answer to PING within ${READY_MS} ms`);
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
    }
  }
}

/** @throws BenchError where redis-server is missing or does not come up. */
export async function startRedisBroker(): Promise<Broker> {
  const redis = await PrivateRedis.create();
  // A process that is told to exit does not come back to its promises.
  process.once('exit', () => redis.killNow());
  process.once('SIGTERM', () => process.exit(0));
  try {
    await redis.start();
  } catch (error) {
    await redis.stop();
    throw error;
  }
  return redis;
}

function notStarted(why: string): BenchError {
  return new BenchError(`redis-server did not start: ${why}`, { exitCode: EXIT.systemUnderTest, hint: HINT });
}
