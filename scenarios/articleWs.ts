import type { Scenario } from '../contract/config.ts';
import { DEFAULT_WORKLOAD } from './defaults.ts';

/** The claim that a single WebSocket node's memory jitters above 5,000 connections: resident memory over time, at 1,000 to 10,000. */
export const articleWs: Scenario = {
  ...DEFAULT_WORKLOAD,
  name: 'article-ws',
  summary: '1,000 to 10,000 connections in one room, 2 publishes/s: resident memory over time, all variants',
  procedure: 'article-ws',
  connections: 10_000,
  rooms: 1,
  ratePerSecond: 2,
  payloadBytes: 1_024,
  warmupMs: 1_000,
  durationMs: 8_000,
  memoryLevels: 0,
  profile: 'none',
};
