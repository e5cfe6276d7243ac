import type { Scenario } from '../contract/config.ts';
import { DEFAULT_WORKLOAD } from './defaults.ts';

/** Fan-out 1: what one delivery costs when nothing is shared, ingest included. */
export const unicast: Scenario = {
  ...DEFAULT_WORKLOAD,
  name: 'unicast',
  summary: '5,000 connections, a room each, 2,000 publishes/s = 2,000 deliveries/s',
  procedure: 'load',
  rooms: 0,
  ratePerSecond: 2_000,
};
