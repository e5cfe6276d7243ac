import type { Scenario } from '../contract/config.ts';
import { DEFAULT_WORKLOAD } from './defaults.ts';

/**
 * Every connection is cut at once, a quarter into the window; clients come back with jittered back-off and resume.
 * The rest of the window, 24 s, holds the first attempts and those after them; the rate is low, so that what is missed
 * in that time stays in the replay buffer and recovery is not mistaken for overload.
 */
export const reconnectStorm: Scenario = {
  ...DEFAULT_WORKLOAD,
  name: 'reconnect-storm',
  summary:
    '20,000 connections, all cut at once 8 s into the window: time to recover, what was lost or came twice',
  procedure: 'load',
  connections: 20_000,
  rooms: 100,
  ratePerSecond: 50,
  warmupMs: 2_000,
  durationMs: 32_000,
  memoryLevels: 0,
  profile: 'none',
  fault: 'cut-connections',
};
