import type { Scenario } from '../contract/config.ts';
import { DEFAULT_WORKLOAD } from './defaults.ts';

/** Half an hour of little load: what grows with time and not with load is seen here. */
export const soak: Scenario = {
  ...DEFAULT_WORKLOAD,
  name: 'soak',
  summary: '5,000 connections in 100 rooms, 100 publishes/s for 30 minutes: what grows with time',
  procedure: 'load',
  ratePerSecond: 100,
  durationMs: 30 * 60_000,
};
