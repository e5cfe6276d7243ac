import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DEFAULT_ACCESS, type Settings, type Workload } from '../../contract/config.ts';
import { type KnownAnswer, NOTHING_WRONG } from '../../contract/knownAnswer.ts';
import type { LinkSpec } from '../../contract/link.ts';
import type { ProgressListener } from '../../contract/progress.ts';
import type { Run } from '../../contract/result.ts';
import { steady } from '../../scenarios/steady.ts';
import { run } from '../run.ts';
import { Disturbed, disturbancesOf } from './disturbances.ts';

export interface BenchOptions {
  /** Shorter windows and fewer connections: for continuous integration. */
  readonly quick: boolean;
  readonly seed: number;
  readonly progress: ProgressListener;
  readonly signal: AbortSignal;
}

/** One run of the whole harness with a known answer. */
export interface Measurement {
  readonly stage: string;
  readonly variant: string;
  readonly workload: Partial<Workload>;
  readonly knownAnswer?: Partial<KnownAnswer>;
  readonly link?: LinkSpec;
  /** Reasons of validity that the case brings about itself; any other that the host causes voids the attempt. */
  readonly expects?: readonly string[];
}

/** Few connections, one message to each, nothing beside it: what a case does not ask for is not there to disturb it. */
const BARE: Partial<Workload> = {
  connections: 20,
  rooms: 1,
  ratePerSecond: 200,
  warmupMs: 500,
  durationMs: 2_000,
  memoryLevels: 0,
  probes: 0,
  profile: 'none',
};

/** What the cases measure with: the whole harness, as a user runs it. */
export class Bench {
  readonly options: BenchOptions;

  constructor(options: BenchOptions) {
    this.options = options;
  }

  /** True where a case should take little time. */
  get quick(): boolean {
    return this.options.quick;
  }

  /**
   * Starts servers, publisher and workers, measures, and stops them all.
   * @throws Disturbed where the host kept the run from showing anything
   */
  async measure(measurement: Measurement): Promise<Run> {
    const { seed, progress, signal } = this.options;
    const directory = await mkdtemp(join(tmpdir(), 'pushbench-selftest-'));
    try {
      const result = await run(settingsOf(measurement, seed), {
        progress,
        signal,
        directory,
        command: ['bench', 'selftest'],
      });
      signal.throwIfAborted();
      const [measured] = result.runs;
      const disturbances = disturbancesOf(measured, measurement.expects ?? []);
      if (disturbances.length > 0) throw new Disturbed(disturbances);
      return measured;
    } finally {
      await rm(directory, { recursive: true, force: true });
    }
  }
}

/** One run of what is measured, and nothing else. */
export function settingsOf(
  { stage, variant, workload, knownAnswer, link }: Measurement,
  seed: number,
): Settings {
  return {
    ...DEFAULT_ACCESS,
    stages: [{ stage, variant }],
    scenario: { ...steady, ...BARE, ...workload, name: 'selftest', summary: 'a known answer' },
    target: null,
    runs: 1,
    seed,
    labels: {},
    cost: null,
    buses: {},
    sweep: null,
    link: link ?? null,
    knownAnswer: { ...NOTHING_WRONG, ...knownAnswer },
  };
}
