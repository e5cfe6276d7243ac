import type { Scenario } from '../contract/config.ts';
import { DEFAULT_WORKLOAD } from './defaults.ts';

/** Three instances of one service drain and are replaced one by one; streams move and resume, calls go to those that are there. */
export const rollingRestart: Scenario = {
  ...DEFAULT_WORKLOAD,
  name: 'rolling-restart',
  summary:
    '1,500 streams on 3 instances that restart one by one under load: no call fails, every stream resumes, nothing lost',
  procedure: 'load',
  connections: 1_500,
  rooms: 30,
  ratePerSecond: 60,
  warmupMs: 2_000,
  durationMs: 25_000,
  memoryLevels: 0,
  profile: 'none',
  nodes: 3,
  publishVia: 'call',
  fault: 'rolling-restart',
};
