import type { Scenario } from '../contract/config.ts';
import { DEFAULT_WORKLOAD } from './defaults.ts';

/** Runs of a few seconds, since a gate makes some thirty of them; 400 messages, so that there is a p99. */
export const gate: Scenario = {
  ...DEFAULT_WORKLOAD,
  name: 'gate',
  summary:
    '1,000 connections in 20 rooms of 50, 100 publishes/s = 5,000 deliveries/s, short runs (default of bench gate)',
  procedure: 'load',
  connections: 1_000,
  rooms: 20,
  ratePerSecond: 100,
  warmupMs: 1_000,
  durationMs: 4_000,
  memoryLevels: 3,
  probes: 12,
  profile: 'none',
};
