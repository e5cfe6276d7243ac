import type { Family, Run } from '../contract/result.ts';
import { formatBytes, formatRate, plainNumbers } from '../reports/numbers.ts';
import { type BenchRun, benchRun, verdictNote } from './benchRun.ts';
import { type Benchmark, type Figure, type MeasureOptions, median } from './figure.ts';

/** One figure of a run of the real command, and what its budget is. */
interface Reading {
  readonly what: string;
  readonly must?: string;
  readonly aim?: string;
  /** Whose verdict the figure shares; null: it is about the command, not about the server. */
  readonly family: Family | null;
  readonly read: (measured: BenchRun) => number | null;
  readonly format: (value: number) => string;
}

interface CommandBenchmark {
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
  budget: { must: string; aim: string },
): Reading => ({
  what,
  ...budget,
  family: 'memory',
  read: ({ run }) => run.memory[side].rssPerConnectionBytes,
  format: bytes,
});

function stormReadings(stage: string): Reading[] {
  const isDefault = stage === 'sse';
  return [
    {
      what: `\`${stage}\`: 100,000 connections, time inside connecting`,
      ...(isDefault ? { must: '15 s', aim: '7 s' } : {}),
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
      ...(isDefault ? { must: '2.5 GB', aim: '1.9 GB' } : {}),
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
const storm = (stage: string, name: string): CommandBenchmark => ({
  name,
  summary: `100,000 connections on ${stage}; one to two minutes each`,
  args: ['--stage', stage, '--scenario', 'c100k', '--no-profile'],
  quickArgs: QUICK_LOAD,
  repeats: 3,
  readings: stormReadings(stage),
});

const COMMANDS: readonly CommandBenchmark[] = [
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
  storm('sse', 'c100k'),
  storm('sse:raw', 'c100k-raw'),
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

/** Figures of the real command, one benchmark for each way it is called. */
export const commandBenchmarks: readonly Benchmark[] = COMMANDS.map((command) => ({
  name: command.name,
  summary: command.summary,
  measure: (options) => measureCommand(command, options),
}));

async function measureCommand(
  command: CommandBenchmark,
  options: MeasureOptions,
): Promise<readonly Figure[]> {
  const args = options.quick ? [...command.args, ...command.quickArgs] : command.args;
  const times = options.quick ? 1 : (options.repeats ?? command.repeats);
  const measured: BenchRun[] = [];
  for (let time = 1; time <= times; time++) {
    options.tell(`  ${time} of ${times}: bench run ${args.join(' ')}`);
    measured.push(await benchRun(args));
  }
  return command.readings.map((reading) => figureOf(reading, measured, `\`bench run ${args.join(' ')}\``));
}

function figureOf(reading: Reading, measured: readonly BenchRun[], command: string): Figure {
  const values = measured.map(reading.read).filter((value) => value !== null);
  const runs = measured.map(({ run }) => run);
  const note = reading.family === null ? '' : verdictNote(runs, reading.family);
  return {
    what: reading.what,
    must: reading.must ?? '',
    aim: reading.aim ?? '',
    measured: values.length === 0 ? 'not measured' : `${reading.format(median(values))}${note}`,
    ruler: values.length > 1 ? `${command}, median of ${values.length}` : command,
  };
}
