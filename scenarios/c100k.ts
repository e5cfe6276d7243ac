import type { Scenario } from '../contract/config.ts';
import { DEFAULT_WORKLOAD } from './defaults.ts';

/**
 * A connect storm to 100,000, held, with broadcasts at half of what a small machine carries,
 * so that latency is that of a fan-out and not of a queue. No memory levels: a storm connects in one go.
 */
export const c100k: Scenario = {
  ...DEFAULT_WORKLOAD,
  name: 'c100k',
  summary: '100,000 connections in one room, 0.5 publishes/s = 50,000 deliveries/s, held 30 s',
  procedure: 'load',
  connections: 100_000,
  rooms: 1,
  ratePerSecond: 0.5,
  warmupMs: 4_000,
  durationMs: 30_000,
  memoryLevels: 0,
  // 100,000 pollers are 3,333 polls/s.
  pollIntervalMs: 30_000,
};
