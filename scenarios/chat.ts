import type { Scenario } from '../contract/config.ts';
import { DEFAULT_WORKLOAD } from './defaults.ts';

/** Clients speak themselves: the case that decides whether a stream that goes one way needs a second one. */
export const chat: Scenario = {
  ...DEFAULT_WORKLOAD,
  name: 'chat',
  summary:
    '1,000 clients in 100 rooms say 200 messages/s, half of them typing notices; a tenth of them only listen from halfway on',
  procedure: 'load',
  connections: 1_000,
  rooms: 100,
  ratePerSecond: 200,
  arrivals: 'poisson',
  durationMs: 15_000,
  warmupMs: 3_000,
  memoryLevels: 0,
  publishVia: 'clients',
  typingShare: 0.5,
  halfCloseShare: 0.1,
};
