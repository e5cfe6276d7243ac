import type { Scenario } from '../contract/config.ts';
import { DEFAULT_WORKLOAD } from './defaults.ts';

/**
 * The article's polling table: 1,000 pollers at 2 s are its 500 polls/s. 60 to 73 % of its polls came back empty, without
 * a word on how often something happened; that share is a function of the events per stream and poll interval, here
 * 17.5 / 100 x 2 s = 0.35. A stream with Poisson arrivals then leaves exp(-0.35) = 70 % of the polls empty; one whose
 * events come evenly leaves 1 - 0.35 = 65 %. Streams take turns on one Poisson schedule, so they lie between the two.
 */
export const articlePoll: Scenario = {
  ...DEFAULT_WORKLOAD,
  name: 'article-poll',
  summary:
    "1,000 pollers at 2 s = 500 polls/s, all variants: the article's table with our numbers beside its claims",
  procedure: 'article-poll',
  connections: 1_000,
  rooms: 100,
  ratePerSecond: 17.5,
  arrivals: 'poisson',
  payloadBytes: 1_024,
  warmupMs: 2_000,
  durationMs: 12_000,
  memoryLevels: 0,
  pollIntervalMs: 2_000,
};
