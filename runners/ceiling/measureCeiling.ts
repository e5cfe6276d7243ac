import { setTimeout as delay } from 'node:timers/promises';
import { nowUs } from '../../contract/clock.ts';
import { SUBSCRIBE_METHOD } from '../../contract/grpc.ts';
import type { NullServerRequests } from '../../contract/nullControl.ts';
import type { BuiltInProtocol, Endpoint } from '../../contract/pushServer.ts';
import type { PhaseSpec } from '../../contract/schedule.ts';
import { PLAIN_WORKER, type WorkerProgress } from '../../contract/workerControl.ts';
import { MULTIPLEXED } from '../planSubject.ts';
import { RoleClient, startWorker, type WorkerClient } from '../roleClient.ts';
import { readLimits } from '../samplers/limits.ts';
import { whenInterrupted } from '../session/interrupted.ts';
import { ceilingOf, type MeasuredCeiling, sampleCeiling } from './ceilingSample.ts';

/** What a ceiling is of: measured once for each on a host. */
export interface CeilingKey {
  readonly protocol: BuiltInProtocol;
  readonly payloadBytes: number;
  readonly streamsPerConnection: number;
}

/** How a ceiling is measured. */
export interface CeilingEffort {
  readonly seed: number;
  readonly warmupMs: number;
  readonly windowMs: number;
}

/** Code that has run a second is compiled; two seconds hold some 200,000 deliveries. */
export const DEFAULT_EFFORT: CeilingEffort = { seed: 1, warmupMs: 1_000, windowMs: 2_000 };

/** About how long a measurement takes in all, for the plan. */
export const EXPECTED_MS = 4_500;

/** Two processes, so that not one server's core but the machine or the load worker is the limit. */
const SERVERS = 2;
/**
 * One message is on its way to each at most, so that one read brings one message. Enough of them that the worker never waits
 * for the word that lets the servers go on.
 */
const CONNECTIONS = 4_000;
/** Sessions of HTTP/2, which take longer to open and longer to read from. */
const SESSIONS = 2_000;
/** Bytes that may be on their way together: thousands of large messages would fill the kernel's memory. */
const BYTES_UNDER_WAY = 64 * 1_048_576;
const FEWEST_CONNECTIONS = 20;
/** Files that the worker has open beside its connections, and how many it may have where that is not told. */
const OTHER_FILES = 100;
const FEWEST_FILES = 1_024;
const CONNECT_PER_SECOND = 10_000;
const CONNECT_TIMEOUT_MS = 5_000;
const POLL_MS = 2;
/** More deliveries than any machine takes in one measurement: the size of the ledger, in bits. */
const MOST_DELIVERIES = 20_000_000;
/** After this a measurement has failed, milliseconds beyond its effort. */
const GRACE_MS = 12_000;

const PATHS: Readonly<Record<BuiltInProtocol, string>> = {
  sse: '/events?topic={topic}',
  'sse-h2': '/events?topic={topic}',
  ws: '/ws?topic={topic}',
  poll: '/poll?topic={topic}',
  grpc: `${SUBSCRIBE_METHOD.path}?topic={topic}`,
};

type NullClient = RoleClient<NullServerRequests>;

/**
 * The most that one load worker takes on this host from servers that do nothing but send: each message one write, a message
 * to a subscriber only when about all before it have been received. Servers and worker share the machine, as in a run.
 *
 * @throws Error where it cannot be measured; no process is left either way
 */
export async function measureCeiling(
  key: CeilingKey,
  effort: CeilingEffort,
  signal: AbortSignal,
): Promise<MeasuredCeiling> {
  const servers = Array.from(
    { length: SERVERS },
    (_, i): NullClient => new RoleClient('server', i, 'nullServer'),
  );
  const worker = startWorker('worker', 0);
  const over = new AbortController();
  try {
    return await Promise.race([
      new Measurement(key, effort, servers, worker).carryOut(over.signal),
      whenInterrupted(signal),
      ...[...servers, worker].map(({ crashed }) => crashed),
      deadline(effort, over.signal),
    ]);
  } finally {
    over.abort();
    // They reset their connections: the next thing that is measured here finds none that are still being closed.
    await Promise.all(servers.map((server) => server.stop()));
    await worker.stop();
  }
}

async function deadline({ warmupMs, windowMs }: CeilingEffort, signal: AbortSignal): Promise<never> {
  const limitMs = warmupMs + windowMs + GRACE_MS;
  await delay(limitMs, undefined, { signal, ref: false });
  throw new Error(`it was not over after ${limitMs / 1_000} s`);
}

class Measurement {
  readonly #key: CeilingKey;
  readonly #effort: CeilingEffort;
  readonly #servers: readonly NullClient[];
  readonly #worker: WorkerClient;
  readonly #connections: number;
  readonly #run: number;

  constructor(key: CeilingKey, effort: CeilingEffort, servers: readonly NullClient[], worker: WorkerClient) {
    this.#key = key;
    this.#effort = effort;
    this.#servers = servers;
    this.#worker = worker;
    const most = Math.max(FEWEST_CONNECTIONS, Math.floor(BYTES_UNDER_WAY / key.payloadBytes));
    const files = readLimits().openFiles?.soft ?? FEWEST_FILES;
    const limit = Math.min(MULTIPLEXED.includes(key.protocol) ? SESSIONS : CONNECTIONS, files - OTHER_FILES);
    const wanted = Math.round(Math.min(CONNECTIONS, most) / key.streamsPerConnection);
    const groups = Math.max(SERVERS, Math.min(wanted, limit));
    this.#connections = groups * key.streamsPerConnection;
    this.#run = (effort.seed * 31 + process.pid) % 2 ** 24;
  }

  /** @param signal stops what would go on for ever */
  async carryOut(signal: AbortSignal): Promise<MeasuredCeiling> {
    await this.#connect(signal);
    const spec = this.#phase();
    await this.#worker.request('phase', spec);
    const pids = { worker: this.#worker.pid, servers: this.#servers.map(({ pid }) => pid) };
    await this.#feedUntil(spec.startUs, signal);
    const before = sampleCeiling(pids);
    await this.#feedUntil(spec.startUs + spec.durationUs, signal);
    const after = sampleCeiling(pids);
    const messages = await this.#end();
    await this.#drained(messages, signal);
    const report = await this.#worker.request('collect', { phase: spec.id, untilIndex: messages });
    return ceilingOf({ spec, report, before, after, connections: this.#connections });
  }

  async #connect(signal: AbortSignal): Promise<void> {
    const { protocol, payloadBytes, streamsPerConnection } = this.#key;
    const { seed } = this.#effort;
    const start = { protocol, payloadBytes, run: this.#run, seed };
    const endpoints: Endpoint[] = await Promise.all(
      this.#servers.map((server) => server.request('start', start)),
    );
    await this.#worker.request('start', {
      ...PLAIN_WORKER,
      run: this.#run,
      seed,
      protocol,
      kind: 'lean',
      fleetSlots: this.#connections,
      firstSlot: 0,
      slots: this.#connections,
      firstProbeSlot: this.#connections,
      endpoints,
      nodes: SERVERS,
      path: PATHS[protocol],
      headers: {},
      streams: 1,
      connectTimeoutMs: CONNECT_TIMEOUT_MS,
      maxInFlight: 200,
      initialInFlight: 200,
      maxRetries: 0,
      polling: protocol === 'poll' ? { mode: 'held', intervalMs: 0, jitter: 0, backoff: 1, seed } : null,
      streamsPerConnection,
      grpc: protocol === 'grpc' ? SUBSCRIBE_METHOD : null,
    });
    await this.#worker.request('ramp', {
      fromPosition: 0,
      toPosition: this.#connections,
      startUs: Math.ceil(nowUs()),
      connectPerSecond: CONNECT_PER_SECOND,
    });
    while ((await this.#worker.request('progress', null)).rampDoneUs === null) await tick(signal);
    const { live } = await this.#worker.request('settle', null);
    if (live === this.#connections) return;
    const { failures } = await this.#worker.request('fleet', null);
    const why = failures.map(({ detail, count }) => `${count} x ${detail}`).join(', ');
    throw new Error(`${live} of ${this.#connections} clients connected: ${why}`);
  }

  /** All messages are of one phase; its window begins when the warm-up is over. */
  #phase(): PhaseSpec {
    const { warmupMs, windowMs, seed } = this.#effort;
    const count = Math.ceil(MOST_DELIVERIES / this.#connections);
    const ratePerSecond = (count * 1_000) / windowMs;
    return {
      id: 1,
      name: 'measure',
      firstIndex: 0,
      count,
      startUs: Math.ceil(nowUs()) + warmupMs * 1_000,
      durationUs: windowMs * 1_000,
      ratePerSecond,
      shape: [{ durationMs: windowMs, ratePerSecond }],
      arrivals: 'uniform',
      seed,
      streams: 1,
    };
  }

  /** Lets the servers go on by what has been received: at most one message is on its way to each subscriber, in the mean. */
  async #feedUntil(atUs: number, signal: AbortSignal): Promise<void> {
    while (nowUs() < atUs) {
      const received = receivedOf(await this.#worker.request('progress', null));
      const messages = received / this.#connections + 1;
      await Promise.all(this.#servers.map((server) => server.request('grant', { messages })));
      await tick(signal);
    }
  }

  /** Brings every subscriber to the same number of messages. @returns that number */
  async #end(): Promise<number> {
    const halted = await Promise.all(this.#servers.map((server) => server.request('halt', null)));
    const messages = Math.max(...halted.map(({ begun }) => begun));
    await Promise.all(this.#servers.map((server) => server.request('finish', { messages })));
    return messages;
  }

  /** The deadline of the measurement ends this where something is lost. */
  async #drained(messages: number, signal: AbortSignal): Promise<void> {
    const expected = messages * this.#connections;
    while (receivedOf(await this.#worker.request('progress', null)) < expected) await tick(signal);
  }
}

function receivedOf({ phases }: WorkerProgress): number {
  return phases.reduce((sum, { received }) => sum + received, 0);
}

function tick(signal: AbortSignal): Promise<void> {
  return delay(POLL_MS, undefined, { signal });
}
