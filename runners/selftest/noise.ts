import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DEFAULT_ACCESS, type Settings, type Workload } from '../../contract/config.ts';
import type { SelftestResult } from '../../contract/selftest.ts';
import { noiseStudy } from '../../reports/selftest/noiseStudy.ts';
import { steady } from '../../scenarios/steady.ts';
import { run } from '../run.ts';
import type { BenchOptions } from './bench.ts';
import { startSelftest } from './selftest.ts';

const SERVER = { stage: 'sse', variant: 'shared' };

/** A tenth of `steady` in a short window: shows that the study works, not how noisy this host is. */
const SMALL: Partial<Workload> = {
  connections: 500,
  rooms: 10,
  ratePerSecond: 40,
  warmupMs: 500,
  durationMs: 2_000,
  probes: 4,
};

/** Runs one build against itself: whole runs, each with processes of its own, one after the other as `bench run --runs N` makes them. */
export async function measureNoise(runs: number, options: BenchOptions): Promise<SelftestResult> {
  const started = startSelftest(options);
  const { progress, signal, quick } = options;
  const asked = {
    stage: `${SERVER.stage}:${SERVER.variant}`,
    scenario: quick ? 'steady at a tenth' : 'steady',
    runs,
  };
  const directory = await mkdtemp(join(tmpdir(), 'pushbench-noise-'));
  try {
    const command = ['bench', 'selftest', '--aa', String(runs)];
    const result = await run(noiseSettings(runs, options), { progress, signal, directory, command });
    const isComplete = result.status === 'complete';
    // A run that was cut short measured another thing than the others.
    const whole = { ...result, runs: result.runs.filter(({ status }) => status === 'complete') };
    return started.end({ isComplete, cases: [], noise: noiseStudy(whole, asked) });
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

/** `steady` on event streams, as the default run has it, but for the profile pass, which comes after all that is compared. */
export function noiseSettings(runs: number, { quick, seed }: Pick<BenchOptions, 'quick' | 'seed'>): Settings {
  return {
    ...DEFAULT_ACCESS,
    stages: [SERVER],
    scenario: { ...steady, ...(quick ? SMALL : {}), profile: 'none' },
    target: null,
    runs,
    seed,
    labels: {},
    cost: null,
    buses: {},
    sweep: null,
    link: null,
    knownAnswer: null,
  };
}
