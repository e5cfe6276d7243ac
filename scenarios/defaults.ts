import type { Workload } from '../contract/config.ts';

/** The numbers that a scenario has where its file says nothing else. */
export const DEFAULT_WORKLOAD: Workload = {
  connections: 5_000,
  rooms: 100,
  ratePerSecond: 400,
  arrivals: 'uniform',
  payloadBytes: 256,
  warmupMs: 5_000,
  durationMs: 20_000,
  connectPerSecond: 10_000,
  memoryLevels: 5,
  churnPerSecond: 0,
  probes: 24,
  encoding: 'json',
  heartbeat: 'comment',
  heartbeatMs: 15_000,
  profile: 'cpu',
  profileMs: 4_000,
  sloMs: 100,
  sloQuantile: 0.95,
  maxRetries: 10,
};
