import {
  type CommandBenchmark,
  ceiling,
  coordinator,
  lost,
  milliseconds,
  QUICK_LOAD,
  seconds,
  slope,
  storm,
} from './commandReadings.ts';

const HUNDRED = ['--streams-per-connection', '100'];
const FAN_OUT = [
  ...['--scenario', 'ceiling', '--connections', '10k', '--rooms', '10', ...HUNDRED],
  ...['--slo-p95', '500', '--no-profile'],
];

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
    name: 'coordinator',
    summary: 'what sampling costs in the default run, without a profile; half a minute each',
    args: ['--stage', 'sse', '--no-profile'],
    quickArgs: ['--rooms', '10', '--rate', '50', ...QUICK_LOAD],
    repeats: 3,
    readings: coordinator,
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
      lost('100,000 pollers at 30 s'),
    ],
  },
  {
    name: 'fan-out-ws',
    summary: 'search for the highest rate of broadcasts to 500 WebSockets; about a minute each',
    args: ['--stage', 'ws', '--scenario', 'ceiling', '--rooms', '2', '--no-profile'],
    quickArgs: ['--connections', '200', '--duration', '1s'],
    repeats: 3,
    readings: [
      ceiling('saturated fan-out over `ws`, 256 B, p95 within 100 ms, nothing lost', {
        must: '100,000 deliveries/s',
      }),
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
      ceiling('saturated broadcast to 100,000 connections, 64 B, nothing lost (`sse:raw`)', {
        must: '100,000 deliveries/s',
        aim: '155,000',
      }),
      {
        // Far below 1, a backlog went out many messages to a write: a rate of its own kind, not one write per delivery.
        what: 'the same, system calls of the server per delivery',
        family: null,
        read: ({ run }) => run.io.server.syscallsPerDelivery,
        format: (value) => value.toPrecision(3),
      },
    ],
  },
  {
    name: 'idle-grpc',
    summary: '10,000 idle gRPC streams, a connection for each, in five levels; half a minute each',
    args: ['--stage', 'grpc', '--scenario', 'idle', '--connections', '10k'],
    quickArgs: ['--connections', '500'],
    repeats: 3,
    readings: [
      slope('lean gRPC client, 1 stream per connection, RSS slope per stream', 'generator', {
        must: '45 KiB',
      }),
      slope('`grpc` server, 1 stream per connection, RSS slope per stream', 'server', {}),
    ],
  },
  {
    name: 'idle-grpc-100',
    summary: '20,000 idle gRPC streams, 100 on a connection, in five levels; half a minute each',
    args: ['--stage', 'grpc', '--scenario', 'idle', '--connections', '20k', ...HUNDRED],
    quickArgs: ['--connections', '500'],
    repeats: 3,
    readings: [
      slope('lean gRPC client, 100 streams per connection, RSS slope per stream', 'generator', {
        must: '30 KiB',
        aim: '14 KiB',
      }),
      slope('`grpc` server, 100 streams per connection, RSS slope per stream', 'server', {}),
    ],
  },
  storm('grpc', 'c100k-grpc-100', { memory: { must: '6 GB' } }, HUNDRED),
  storm('grpc', 'c100k-grpc', {}),
  {
    name: 'fan-out-grpc',
    summary: 'search for the highest rate to 10,000 gRPC streams; about two minutes each',
    args: ['--stage', 'grpc', ...FAN_OUT],
    quickArgs: ['--connections', '200', '--duration', '1s'],
    repeats: 3,
    readings: [
      ceiling('fan-out to 10,000 gRPC streams, rooms of 1,000, 256 B, p95 within 500 ms, nothing lost', {
        must: '80,000 deliveries/s',
      }),
    ],
  },
  {
    name: 'fan-out-grpc-prepared',
    summary: 'the same with each event serialised once; about two minutes each',
    args: ['--stage', 'grpc:prepared', ...FAN_OUT],
    quickArgs: ['--connections', '200', '--duration', '1s'],
    repeats: 3,
    readings: [ceiling('the same, each event serialised once (`grpc:prepared`)')],
  },
];
