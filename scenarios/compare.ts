import type { Scenario } from '../contract/config.ts';
import { DEFAULT_WORKLOAD } from './defaults.ts';

/** The load of `steady` on each stage in balanced turns, with a short window, then a search for each one's ceiling. */
export const compare: Scenario = {
  ...DEFAULT_WORKLOAD,
  name: 'compare',
  summary:
    'each stage in turn with the load of steady, 8 s, three times, then its ceiling (default for several stages)',
  procedure: 'compare',
  warmupMs: 2_000,
  durationMs: 8_000,
  profileMs: 3_000,
};
