import type { Scenario } from '../contract/config.ts';

/** Starting processes, stopping them, and writing the report, milliseconds. */
const OVERHEAD_MS = 6_000;
/** One memory level: to settle, to sample, to collect garbage and to sample again. */
const LEVEL_MS = 1_200;
/** Steps that a ceiling search takes, about. */
const CEILING_STEPS = 9;

/** How long a run is expected to take, milliseconds. */
export function expectedDurationMs(scenario: Scenario): number {
  const connectMs = (scenario.connections / scenario.connectPerSecond) * 1_000;
  const levelsMs = scenario.memoryLevels > 1 ? (scenario.memoryLevels + 1) * LEVEL_MS : 0;
  const base = OVERHEAD_MS + connectMs + levelsMs;
  switch (scenario.procedure) {
    case 'load':
      return (
        base +
        scenario.warmupMs +
        scenario.durationMs +
        (scenario.profile === 'none' ? 0 : scenario.profileMs + 1_000)
      );
    case 'idle':
      return base;
    case 'ceiling':
      return base + CEILING_STEPS * (scenario.durationMs + 1_500);
    case 'article-sse':
      return base + CEILING_STEPS * (scenario.durationMs + 1_500) + 20_000;
    default:
      return scenario.procedure satisfies never;
  }
}
