import type { Scenario } from '../contract/config.ts';
import { DEFAULT_WORKLOAD } from './defaults.ts';

/** One of three nodes is killed with SIGKILL a quarter into the window; its clients go to the other two. */
export const nodeFailure: Scenario = {
  ...DEFAULT_WORKLOAD,
  name: 'node-failure',
  summary:
    '3,000 connections on 3 nodes, one killed 8 s into the window: recovery time, and what was lost where',
  procedure: 'load',
  connections: 3_000,
  rooms: 30,
  ratePerSecond: 60,
  warmupMs: 2_000,
  durationMs: 32_000,
  memoryLevels: 0,
  profile: 'none',
  nodes: 3,
  fault: 'kill-node',
};
