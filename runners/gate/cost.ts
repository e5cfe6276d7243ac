import type { Scenario } from '../../contract/config.ts';
import { rampMs, windowOf } from '../planDuration.ts';

/** Starting and stopping the server and the generator, the drain, and the wait for a quiet host, milliseconds. */
const AROUND_MS = 1_200;
/** One memory level of a server that nobody tells to collect garbage, milliseconds. */
const LEVEL_MS = 500;
/** Two of each side. */
export const RUNS_OF_BLOCK = 4;
/** With fewer no interval has 95 % confidence, so that nothing could be claimed. */
export const LEAST_BLOCKS = 6;
export const MOST_BLOCKS = 100;
/** What `--max-time` takes at most, milliseconds: a day. */
export const MOST_TIME_MS = 86_400_000;
/** Of what `--duration` takes. */
const SHORTEST_WINDOW_MS = 1_000;

/** Time of one run against a server that is started for it, milliseconds. */
export function gateRunMs(scenario: Scenario): number {
  const load = scenario.procedure === 'idle' ? 0 : scenario.warmupMs + windowOf(scenario);
  return AROUND_MS + rampMs(scenario, LEVEL_MS) + load;
}

/** What would keep within the time: as few words as a command line needs; null: nothing does. */
export function whatFits(scenario: Scenario, maxTimeMs: number): string | null {
  const blocks = Math.floor(maxTimeMs / (RUNS_OF_BLOCK * gateRunMs(scenario)));
  if (blocks >= LEAST_BLOCKS) return `--blocks ${Math.min(blocks, MOST_BLOCKS)}`;
  if (scenario.stages.length > 0 || scenario.procedure === 'idle') return null;
  const runMs = maxTimeMs / (LEAST_BLOCKS * RUNS_OF_BLOCK);
  const mostMs = scenario.durationMs - (gateRunMs(scenario) - runMs);
  // As somebody would write it.
  const stepMs = mostMs < 10_000 ? 100 : 1_000;
  const windowMs = Math.floor(mostMs / stepMs) * stepMs;
  return windowMs < SHORTEST_WINDOW_MS
    ? null
    : `--blocks ${LEAST_BLOCKS} --duration ${durationText(windowMs)}`;
}

/** As a person says it: `50 s`, `4.2 min`. */
export function minutesText(milliseconds: number): string {
  const seconds = milliseconds / 1_000;
  return seconds < 100 ? `${Math.round(seconds)} s` : `${Number((seconds / 60).toPrecision(2))} min`;
}

/** As an option takes it: `2s`, `1500ms`, `45m`. */
export function durationText(milliseconds: number): string {
  if (milliseconds % 3_600_000 === 0) return `${milliseconds / 3_600_000}h`;
  if (milliseconds % 60_000 === 0) return `${milliseconds / 60_000}m`;
  return milliseconds % 1_000 === 0 ? `${milliseconds / 1_000}s` : `${milliseconds}ms`;
}
