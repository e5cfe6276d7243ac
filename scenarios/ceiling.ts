import type { Scenario } from '../contract/config.ts';
import { DEFAULT_WORKLOAD } from './defaults.ts';

/** Searches for the highest publish rate with p95 inside the objective, nothing lost and nothing refused. */
export const ceiling: Scenario = {
  ...DEFAULT_WORKLOAD,
  name: 'ceiling',
  summary: '500 connections in 10 rooms: the highest publish rate with p95 <= 100 ms, no loss, no refusal',
  procedure: 'ceiling',
  connections: 500,
  rooms: 10,
  warmupMs: 1_000,
  durationMs: 3_000,
  memoryLevels: 0,
};
