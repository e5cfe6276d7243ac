import type { Family, Run } from '../contract/result.ts';
import { formatBytes, formatRate, plainNumbers } from '../reports/numbers.ts';
import type { BenchRun } from './benchRun.ts';

/** One figure of a run of the real command, and what its budget is. */
export interface Reading {
  readonly what: string;
  readonly must?: string;
  readonly aim?: string;
  /** Whose verdict the figure shares; null: it is about the command, not about the server. */
  readonly family: Family | null;
  readonly read: (measured: BenchRun) => number | null;
  readonly format: (value: number) => string;
}

export interface CommandBenchmark {
  readonly name: string;
  readonly summary: string;
  readonly args: readonly string[];
  /** Replaces the load for `--quick`. */
  readonly quickArgs: readonly string[];
  readonly repeats: number;
  readonly readings: readonly Reading[];
}

const bytes = (value: number) => plainNumbers(formatBytes(value));
const gigabytes = (value: number) => `${(value / 1e9).toFixed(2)} GB`;
const seconds = (value: number) => `${value.toFixed(1)} s`;
const milliseconds = (us: number) => `${(us / 1_000).toFixed(us < 10_000 ? 1 : 0)} ms`;

const slope = (
  what: string,
  side: 'server' | 'generator',
  budget: { must: string; aim?: string },
): Reading => ({
  what,
  ...budget,
  family: 'memory',
  read: ({ run }) => run.memory[side].rssPerConnectionBytes,
  format: bytes,
});

/** Budgets of a storm: time inside connecting, whole-machine memory. */
interface StormBudget {
  readonly connecting?: Pick<Reading, 'must' | 'aim'>;
  readonly memory?: Pick<Reading, 'must' | 'aim'>;
}

function stormReadings(stage: string, budget: StormBudget): Reading[] {
  return [
    {
      what: `\`${stage}\`: 100,000 connections, time inside connecting`,
      ...budget.connecting,
      family: null,
      read: ({ run }) => (isComplete(run) ? run.connections.seconds : null),
      format: seconds,
    },
    {
      what: `\`${stage}\`: 100,000 connections, handshake p95`,
      family: null,
      read: ({ run }) => run.handshakeUs?.p95 ?? null,
      format: milliseconds,
    },
    {
      what: `\`${stage}\`: 100,000 connections, whole-machine memory, kernel included`,
      ...budget.memory,
      family: 'memory',
      read: ({ run }) => run.memory.machineBytes,
      format: gigabytes,
    },
    {
      what: `\`${stage}\`: 100,000 connections, deliveries lost`,
      must: '0',
      family: 'deliveries',
      read: ({ run }) => run.deliveries?.lost ?? null,
      format: (value) => value.toLocaleString('en'),
    },
  ];
}

/** Time to connect says nothing where not all of them connected. */
function isComplete({ connections }: Run): boolean {
  return connections.established === connections.requested;
}

const QUICK_LOAD = [
  '--connections',
  '200',
  '--warmup',
  '1s',
  '--duration',
  '2s',
  '--no-profile',
  '--probes',
  '4',
];
const storm = (
  stage: string,
  name: string,
  budget: StormBudget,
  more: readonly string[] = [],
): CommandBenchmark => ({
  name,
  summary: `100,000 connections on ${[stage, ...more].join(' ')}; one to two minutes each`,
  args: ['--stage', stage, ...more, '--scenario', 'c100k', '--no-profile'],
  quickArgs: QUICK_LOAD,
  repeats: 3,
  readings: stormReadings([stage, ...more].join(' '), budget),
});

/** How the real command is called, and what is read from its result. */
export const COMMANDS: readonly CommandBenchmark[] = [
  {
    name: 'default',
    summary: 'the default run; about a minute each',
    args: ['--stage', 'sse'],
    quickArgs: ['--rooms', '10', '--rate', '50', ...QUICK_LOAD],
    repeats: 3,
    readings: [
      {
        what: '`bench run --stage sse` with defaults, to the written report',
        must: '60 s',
        aim: '45 s',
        family: null,
        read: ({ wallSeconds }) => wallSeconds,
        format: seconds,
      },
    ],
  },
  {
    name: 'idle',
    summary: '20,000 idle connections on sse:raw in five levels; half a minute each',
    args: ['--stage', 'sse:raw', '--scenario', 'idle', '--connections', '20k'],
    quickArgs: ['--connections', '500'],
    repeats: 3,
    readings: [
      slope('lean SSE client, RSS slope per connection', 'generator', { must: '4 KiB', aim: '2 KiB' }),
      slope('SSE server `raw`, RSS slope per connection', 'server', { must: '4 KiB', aim: '2.5 KiB' }),
    ],
  },
  {
    name: 'idle-ws',
    summary: '20,000 idle connections on ws in five levels; half a minute each',
    args: ['--stage', 'ws', '--scenario', 'idle', '--connections', '20k'],
    quickArgs: ['--connections', '500'],
    repeats: 3,
    readings: [
      slope('lean WebSocket client, RSS slope per connection', 'generator', { must: '4 KiB', aim: '2 KiB' }),
      slope('`ws` server, RSS slope per connection', 'server', { must: '11 KiB' }),
    ],
  },
  storm('sse', 'c100k', {
    connecting: { must: '15 s', aim: '7 s' },
    memory: { must: '2.5 GB', aim: '1.9 GB' },
  }),
  storm('sse:raw', 'c100k-raw', {}),
  storm('ws', 'c100k-ws', { connecting: { must: '15 s' }, memory: { must: '3.5 GB' } }),
  storm('ws-cluster', 'c100k-cluster', {}, ['--bus', 'redis-pubsub']),
  {
    name: 'pollers',
    summary: '100,000 pollers that ask every 30 s; about four minutes',
    args: ['--stage', 'poll', '--scenario', 'c100k', '--no-profile'],
    quickArgs: [...QUICK_LOAD, '--poll-interval', '500ms'],
    repeats: 1,
    readings: [
      {
        what: '100,000 pollers at 30 s, schedule error p99',
        must: '5 ms',
        family: null,
        read: ({ run }) => run.polling?.scheduleErrorUs.p99 ?? null,
        format: milliseconds,
      },
      {
        what: '100,000 pollers at 30 s, deliveries lost',
        must: '0',
        family: 'deliveries',
        read: ({ run }) => run.deliveries?.lost ?? null,
        format: (value) => value.toLocaleString('en'),
      },
    ],
  },
  {
    name: 'fan-out-ws',
    summary: 'search for the highest rate of broadcasts to 500 WebSockets; about a minute each',
    args: ['--stage', 'ws', '--scenario', 'ceiling', '--rooms', '2', '--no-profile'],
    quickArgs: ['--connections', '200', '--duration', '1s'],
    repeats: 3,
    readings: [
      {
        what: 'saturated fan-out over `ws`, 256 B, p95 within 100 ms, nothing lost',
        must: '100,000 deliveries/s',
        family: 'deliveries',
        read: ({ run }) => run.ceiling?.deliveriesPerSecond ?? null,
        format: (value) => `${plainNumbers(formatRate(value))} deliveries`,
      },
    ],
  },
  {
    name: 'saturated',
    summary: 'search for the highest rate of broadcasts to 100,000 connections; about four minutes',
    args: [
      ...['--stage', 'sse:raw', '--scenario', 'ceiling', '--connections', '100k', '--rooms', '1'],
      ...['--payload', '64', '--slo-p95', '2000', '--duration', '10s', '--no-profile'],
    ],
    quickArgs: ['--connections', '200', '--duration', '1s'],
    repeats: 1,
    readings: [
      {
        what: 'saturated broadcast to 100,000 connections, 64 B, nothing lost (`sse:raw`)',
        must: '100,000 deliveries/s',
        aim: '155,000',
        family: 'deliveries',
        read: ({ run }) => run.ceiling?.deliveriesPerSecond ?? null,
        format: (value) => `${plainNumbers(formatRate(value))} deliveries`,
      },
      {
        // Far below 1, a backlog went out many messages to a write: a rate of its own kind, not one write per delivery.
        what: 'the same, system calls of the server per delivery',
        family: null,
        read: ({ run }) => run.io.server.syscallsPerDelivery,
        format: (value) => value.toPrecision(3),
      },
    ],
  },
];
