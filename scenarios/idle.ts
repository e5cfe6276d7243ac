import type { Scenario } from '../contract/config.ts';
import { DEFAULT_WORKLOAD } from './defaults.ts';

/** Memory per connection and nothing else: connected in levels, each settled and sampled, nothing published. */
export const idle: Scenario = {
  ...DEFAULT_WORKLOAD,
  name: 'idle',
  summary: '5,000 connections in 5 levels, nothing published: memory per connection',
  procedure: 'idle',
  ratePerSecond: 0,
  profile: 'none',
};
