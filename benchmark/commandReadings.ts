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
export const seconds = (value: number) => `${value.toFixed(1)} s`;
export const milliseconds = (us: number) => `${(us / 1_000).toFixed(us < 10_000 ? 1 : 0)} ms`;

export const slope = (
  what: string,
  side: 'server' | 'generator',
  budget: { must?: string; aim?: string },
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
    lost(`\`${stage}\`: 100,000 connections`),
  ];
}

/** Time to connect says nothing where not all of them connected. */
function isComplete({ connections }: Run): boolean {
  return connections.established === connections.requested;
}

export const QUICK_LOAD = [
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
export const storm = (
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

export const lost = (what: string): Reading => ({
  what: `${what}, deliveries lost`,
  must: '0',
  family: 'deliveries',
  read: ({ run }) => run.deliveries?.lost ?? null,
  format: (value) => value.toLocaleString('en'),
});

/** What a search for the ceiling found. */
export const ceiling = (what: string, budget: { must?: string; aim?: string } = {}): Reading => ({
  what,
  ...budget,
  family: 'deliveries',
  read: ({ run }) => run.ceiling?.deliveriesPerSecond ?? null,
  format: (value) => `${plainNumbers(formatRate(value))} deliveries`,
});

const percent = (share: number) => `${(share * 100).toFixed(1)} %`;

/** What the process costs that samples host and processes and tells the progress, while the others are measured. */
export const coordinator: readonly Reading[] = [
  {
    what: 'the coordinator while a window is measured (samples, progress), of one core',
    family: null,
    read: ({ run }) => coresOf(run.cpu.coordinator),
    format: percent,
  },
  {
    what: 'the same, against the CPU time of server and generator',
    family: null,
    read: ({ run: { cpu } }) =>
      ratioOf(coresOf(cpu.coordinator), [coresOf(cpu.server), coresOf(cpu.generator)]),
    format: percent,
  },
];

/** Cores that a role kept busy; null where it was not measured. */
function coresOf({ userShare, systemShare }: Run['cpu']['coordinator']): number | null {
  return userShare === null || systemShare === null ? null : userShare + systemShare;
}

function ratioOf(part: number | null, others: readonly (number | null)[]): number | null {
  const whole = others.reduce((sum, cores) => (sum === null || cores === null ? null : sum + cores), 0);
  return part === null || whole === null || whole === 0 ? null : part / whole;
}
