import type { Scenario } from '../contract/config.ts';
import { DEFAULT_WORKLOAD } from './defaults.ts';

/** A few seconds, for a first look and for continuous integration. */
export const smoke: Scenario = {
  ...DEFAULT_WORKLOAD,
  name: 'smoke',
  summary: '500 connections in 10 rooms, 200 publishes/s, a few seconds: a first look',
  procedure: 'load',
  connections: 500,
  rooms: 10,
  ratePerSecond: 200,
  warmupMs: 1_000,
  durationMs: 3_000,
  memoryLevels: 0,
  profile: 'none',
};
