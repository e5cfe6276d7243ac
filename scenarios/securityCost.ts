import type { Scenario } from '../contract/config.ts';
import { DEFAULT_WORKLOAD } from './defaults.ts';

/**
 * The same small load under every protection asked for. Connects are due faster than TLS can answer them, so that connects per
 * second is what the server can do; memory is sampled at four levels; nothing is profiled, which would only take time.
 */
export const securityCost: Scenario = {
  ...DEFAULT_WORKLOAD,
  name: 'security-cost',
  summary:
    '2,000 connections in 40 rooms of 50, 10 s: what TLS, mutual TLS and tokens cost (default for several --security)',
  procedure: 'load',
  connections: 2_000,
  rooms: 40,
  ratePerSecond: 200,
  warmupMs: 2_000,
  durationMs: 10_000,
  memoryLevels: 4,
  profile: 'none',
};
