import type { Scenario } from '../contract/config.ts';
import { DEFAULT_WORKLOAD } from './defaults.ts';

/** Many small rooms at a rate that one core carries with room to spare: 400 publishes/s x 50 subscribers. */
export const steady: Scenario = {
  ...DEFAULT_WORKLOAD,
  name: 'steady',
  summary:
    '5,000 connections in 100 rooms of 50, 400 publishes/s = 20,000 deliveries/s (default for one stage)',
  procedure: 'load',
};
