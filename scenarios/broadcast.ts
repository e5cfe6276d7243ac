import type { Scenario } from '../contract/config.ts';
import { DEFAULT_WORKLOAD } from './defaults.ts';

/** The same deliveries per second as `steady`, in the other shape: the last subscriber of each message waits for all before it. */
export const broadcast: Scenario = {
  ...DEFAULT_WORKLOAD,
  name: 'broadcast',
  summary: '5,000 connections in one room, 4 publishes/s = 20,000 deliveries/s',
  procedure: 'load',
  rooms: 1,
  ratePerSecond: 4,
};
