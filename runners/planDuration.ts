import type { Scenario } from '../contract/config.ts';

/** Starting processes, stopping them, and writing the report, milliseconds. */
const OVERHEAD_MS = 6_000;
/** One memory level: to settle, to sample, to collect garbage and to sample again. */
const LEVEL_MS = 1_200;
/** Steps that a ceiling search takes, about. */
const CEILING_STEPS = 9;

/** Ingest measured before anyone connects, with its warm-up. */
const INGEST_MS = 3_200;
/** Rates that the article's sweep tries, and the time of each with its connects. */
const SWEEP_STEPS = 5;
const SWEEP_STEP_MS = 7_000;
/** Numbers of connections at which memory is followed over time. */
const MEMORY_STEPS = 5;
const MEMORY_STEP_MS = 10_000;

/** Time inside connecting, and of the memory levels on the way, milliseconds. */
export function rampMs(
  { connections, connectPerSecond, memoryLevels }: Scenario,
  levelMs: number = LEVEL_MS,
): number {
  const levelsMs = memoryLevels > 1 ? (memoryLevels + 1) * levelMs : 0;
  return (connections / connectPerSecond) * 1_000 + levelsMs;
}

/** Length of the measured window, milliseconds. */
export function windowOf({ stages, durationMs }: Scenario): number {
  return stages.length > 0 ? stages.reduce((sum, stage) => sum + stage.durationMs, 0) : durationMs;
}

/**
 * How long a run is expected to take, milliseconds.
 * @param searchSteps that a search for the ceiling may take at most; null: as many as it needs
 */
export function expectedDurationMs(scenario: Scenario, searchSteps: number | null = null): number {
  const windowMs = windowOf(scenario);
  const base = OVERHEAD_MS + rampMs(scenario);
  switch (scenario.procedure) {
    case 'load':
      return (
        base +
        scenario.warmupMs +
        windowMs +
        INGEST_MS +
        (scenario.profile === 'none' ? 0 : scenario.profileMs + 1_000)
      );
    case 'idle':
      return base;
    case 'ceiling':
      return base + Math.min(CEILING_STEPS, searchSteps ?? CEILING_STEPS) * (scenario.durationMs + 1_500);
    case 'article-sse':
      return base + CEILING_STEPS * (scenario.durationMs + 1_500) + 20_000;
    case 'article-poll':
      return base + scenario.warmupMs + scenario.durationMs + SWEEP_STEPS * SWEEP_STEP_MS;
    case 'article-ws':
      return base + MEMORY_STEPS * MEMORY_STEP_MS;
    case 'compare':
      throw new Error('a comparison is planned as its runs');
    default:
      return scenario.procedure satisfies never;
  }
}
