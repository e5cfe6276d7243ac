import type { Scenario } from '../contract/config.ts';
import { DEFAULT_WORKLOAD } from './defaults.ts';

/** The article's table: 500 connections, 1 KB (1,024 bytes) messages, every variant of the stage. */
export const articleSse: Scenario = {
  ...DEFAULT_WORKLOAD,
  name: 'article-sse',
  summary:
    "500 connections, 1 KB messages, all variants: the article's table with our numbers beside its claims",
  procedure: 'article-sse',
  connections: 500,
  rooms: 1,
  ratePerSecond: 10,
  payloadBytes: 1_024,
  warmupMs: 1_000,
  durationMs: 2_000,
  memoryLevels: 5,
  encoding: 'json',
};
