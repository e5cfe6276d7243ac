import type { Workload } from '../contract/config.ts';
import { ENVELOPE_BYTES } from '../contract/envelope.ts';
import { DEFAULT_SERVER_LIMITS } from '../contract/pushServer.ts';
import { choice } from './parse/choice.ts';
import { count } from './parse/count.ts';
import { decimal } from './parse/decimal.ts';
import { duration } from './parse/duration.ts';
import { fraction } from './parse/fraction.ts';
import { loadStages } from './parse/loadStages.ts';
import type { Parser } from './parse/parsed.ts';
import { rate } from './parse/rate.ts';
import { size } from './parse/size.ts';

/** One number of a workload: how it is given, how it is read, what it is. */
export interface WorkloadOption<T> {
  /** Flag with the name of its argument as the help shows it; null: config file only. */
  readonly flag: string | null;
  /** Environment variable; null: config file only. */
  readonly env: string | null;
  readonly parse: Parser<T>;
  readonly unit: string;
  readonly description: string;
  /** What a flag or variable settles besides its own key. */
  readonly implies?: Partial<Workload>;
}

export type WorkloadKey = keyof Workload;

const HOUR_MS = 3_600_000;

/**
 * The one table of workload options, by the key of the config file. Flags, environment variables,
 * the check of the config file and the help are all made from it.
 */
export const WORKLOAD_OPTIONS: { readonly [K in WorkloadKey]: WorkloadOption<Workload[K]> } = {
  connections: {
    flag: '--connections <count>',
    env: 'BENCH_CONNECTIONS',
    parse: count({ min: 1, max: 10_000_000 }),
    unit: 'connections',
    description: 'live connections, such as 5000, 100k or 1m',
  },
  rooms: {
    flag: '--rooms <count>',
    env: 'BENCH_ROOMS',
    parse: count({ min: 0, max: 10_000_000 }),
    unit: 'rooms',
    description: 'rooms the connections are spread over; 0: a room per connection',
  },
  ratePerSecond: {
    flag: '--rate <rate>',
    env: 'BENCH_RATE',
    parse: rate({ min: 0, max: 1_000_000 }),
    unit: 'publishes/s',
    description: 'publishes per second, in all rooms together',
  },
  arrivals: {
    flag: '--arrivals <kind>',
    env: 'BENCH_ARRIVALS',
    parse: choice(['uniform', 'poisson']),
    unit: 'word',
    description: 'gaps between publishes: uniform or poisson',
  },
  payloadBytes: {
    flag: '--payload <size>',
    env: 'BENCH_PAYLOAD',
    parse: size({ min: ENVELOPE_BYTES, max: DEFAULT_SERVER_LIMITS.maxPublishBytes }),
    unit: 'bytes',
    description: `bytes of a message, at least ${ENVELOPE_BYTES}, such as 256 or 1KB (KB = KiB = 1,024)`,
  },
  warmupMs: {
    flag: '--warmup <time>',
    env: 'BENCH_WARMUP',
    parse: duration({ min: 0, max: HOUR_MS }),
    unit: 'milliseconds',
    description: 'load before the measured window, such as 5s',
  },
  durationMs: {
    flag: '--duration <time>',
    env: 'BENCH_DURATION',
    parse: duration({ min: 1_000, max: 24 * HOUR_MS }),
    unit: 'milliseconds',
    description: 'the measured window, such as 20s or 2m; one step of a ceiling search',
  },
  connectPerSecond: {
    flag: '--connect-rate <rate>',
    env: 'BENCH_CONNECT_RATE',
    parse: rate({ min: 0.1, max: 1_000_000 }),
    unit: 'connects/s',
    description: 'intended connects per second',
  },
  memoryLevels: {
    flag: '--memory-levels <count>',
    env: 'BENCH_MEMORY_LEVELS',
    parse: count({ min: 0, max: 100 }),
    unit: 'levels',
    description: 'levels of connections at which memory is sampled; 0: connect in one go, no slope',
  },
  churnPerSecond: {
    flag: '--churn <rate>',
    env: 'BENCH_CHURN',
    parse: rate({ min: 0, max: 100_000 }),
    unit: 'connections/s',
    description: 'connections closed by the client and opened again per second',
  },
  probes: {
    flag: '--probes <count>',
    env: 'BENCH_PROBES',
    parse: count({ min: 0, max: 1_000 }),
    unit: 'connections',
    description: "of the connections, those made by the ecosystem's own client",
  },
  encoding: {
    flag: '--encoding <kind>',
    env: 'BENCH_ENCODING',
    parse: choice(['json', 'text', 'protobuf']),
    unit: 'word',
    description: 'what the server makes of a published body: json, text or protobuf',
  },
  heartbeat: {
    flag: '--heartbeat <style>',
    env: 'BENCH_HEARTBEAT',
    parse: choice(['comment', 'event', 'none']),
    unit: 'word',
    description: 'heartbeats of the server: comment, event or none',
  },
  heartbeatMs: {
    flag: '--heartbeat-interval <time>',
    env: 'BENCH_HEARTBEAT_INTERVAL',
    parse: duration({ min: 10, max: HOUR_MS }),
    unit: 'milliseconds',
    description: 'time between heartbeats, such as 15s',
  },
  profile: {
    flag: '--profile [kind]',
    env: 'BENCH_PROFILE',
    parse: choice(['none', 'cpu', 'heap', 'clinic-flame', 'clinic-doctor', 'clinic-bubbleprof']),
    unit: 'word',
    description:
      'profile pass after the window: cpu, heap, clinic-flame, clinic-doctor, clinic-bubbleprof, none',
  },
  profileMs: {
    flag: '--profile-duration <time>',
    env: 'BENCH_PROFILE_DURATION',
    parse: duration({ min: 500, max: HOUR_MS }),
    unit: 'milliseconds',
    description: 'length of the profile pass, such as 4s',
  },
  sloMs: {
    flag: '--slo-p95 <ms>',
    env: 'BENCH_SLO_P95',
    parse: duration({ min: 1, max: HOUR_MS }, 'ms'),
    unit: 'milliseconds',
    description: 'objective: delivery latency at p95, in milliseconds',
    implies: { sloQuantile: 0.95 },
  },
  sloQuantile: {
    flag: null,
    env: null,
    parse: fraction,
    unit: 'fraction',
    description: 'quantile of the objective',
  },
  maxRetries: {
    flag: '--max-retries <count>',
    env: 'BENCH_MAX_RETRIES',
    parse: count({ min: 0, max: 10_000 }),
    unit: 'attempts',
    description: 'attempts to reconnect before a connection is given up',
  },
  nodes: {
    flag: '--nodes <count>',
    env: 'BENCH_NODES',
    parse: count({ min: 1, max: 64 }),
    unit: 'nodes',
    description: 'server nodes at least; the limit of open files may ask for more',
  },
  stages: {
    flag: '--load-stages <shape>',
    env: 'BENCH_LOAD_STAGES',
    parse: loadStages,
    unit: 'stages',
    description: 'load shape of the window instead of --rate and --duration: 10s@400,5s@4k,10s@400',
  },
  fault: {
    flag: '--fault <kind>',
    env: 'BENCH_FAULT',
    parse: choice(['none', 'cut-connections', 'kill-node', 'rolling-restart']),
    unit: 'word',
    description: 'what breaks a quarter into the window: cut-connections, kill-node, rolling-restart or none',
  },
  pollIntervalMs: {
    flag: '--poll-interval <time>',
    env: 'BENCH_POLL_INTERVAL',
    parse: duration({ min: 10, max: HOUR_MS }),
    unit: 'milliseconds',
    description: 'time between two polls of a client, such as 2s',
  },
  pollJitter: {
    flag: '--poll-jitter <share>',
    env: 'BENCH_POLL_JITTER',
    parse: decimal({ min: 0, max: 1 }),
    unit: 'fraction',
    description: 'share of the interval by which each poll is moved at random, 0 to 1',
  },
  pollBackoff: {
    flag: '--poll-backoff <factor>',
    env: 'BENCH_POLL_BACKOFF',
    parse: decimal({ min: 1, max: 8 }),
    unit: 'factor',
    description: 'growth of the interval after each empty poll, up to 8 intervals; 1: none',
  },
  backendDelayMs: {
    flag: '--backend-delay <time>',
    env: 'BENCH_BACKEND_DELAY',
    parse: duration({ min: 0, max: 60_000 }, 'ms'),
    unit: 'milliseconds',
    description: 'time that the store behind each poll takes, such as 5ms',
  },
  streamsPerConnection: {
    flag: '--streams-per-connection <count>',
    env: 'BENCH_STREAMS_PER_CONNECTION',
    parse: count({ min: 1, max: 1_000 }),
    unit: 'streams',
    description: 'HTTP/2: streams that share a connection; 1: each client has its own, as devices do',
  },
  publishVia: {
    flag: '--publish-via <way>',
    env: 'BENCH_PUBLISH_VIA',
    parse: choice(['post', 'call', 'clients']),
    unit: 'word',
    description: 'who publishes: the publisher by HTTP post or by gRPC call, or the clients themselves',
  },
  typingShare: {
    flag: '--typing <share>',
    env: 'BENCH_TYPING',
    parse: decimal({ min: 0, max: 1 }),
    unit: 'fraction',
    description: 'of what clients say, the share that is a typing notice, 0 to 1',
  },
  halfCloseShare: {
    flag: '--half-close <share>',
    env: 'BENCH_HALF_CLOSE',
    parse: decimal({ min: 0, max: 1 }),
    unit: 'fraction',
    description: 'share of the clients that stop speaking halfway through the window and go on listening',
  },
  slowShare: {
    flag: '--slow <share>',
    env: 'BENCH_SLOW',
    parse: decimal({ min: 0, max: 0.5 }),
    unit: 'fraction',
    description: 'share of the connections that read slowly, 0 to 0.5',
  },
  slowBytesPerSecond: {
    flag: '--slow-rate <size>',
    env: 'BENCH_SLOW_RATE',
    parse: size({ min: 1, max: 1_073_741_824 }),
    unit: 'bytes/s',
    description: 'bytes per second that a slow one reads, such as 1KB',
  },
  flowMessages: {
    flag: '--flow-limit <count>',
    env: 'BENCH_FLOW_LIMIT',
    parse: count({ min: 2, max: 1_000_000 }),
    unit: 'messages',
    description: 'flow control: messages that may be under way to one client before it is refused more',
  },
};

export function isWorkloadKey(key: string): key is WorkloadKey {
  return Object.hasOwn(WORKLOAD_OPTIONS, key);
}

/** Keys of the table, in its order. */
export const WORKLOAD_KEYS: readonly WorkloadKey[] = Object.keys(WORKLOAD_OPTIONS).filter(isWorkloadKey);
