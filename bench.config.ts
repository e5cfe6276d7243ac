import { defineConfig } from './contract/config.ts';

/** What this repository benchmarks: data only. Every number may be given as text with its unit, such as '1KB', '2m' or '10k'. */
export default defineConfig({
  stages: ['sse'],
  // Prices for the money figures. Without them the report takes these very numbers and calls them examples: about those of
  // a small cloud machine on demand, per core and hour, per GiB of memory and hour, and per GiB of traffic that leaves.
  // cost: { perCoreHour: 0.04, perGiBHour: 0.005, perGiBEgress: 0.09, currency: 'USD' },
  scenarios: {
    /** A few seconds, for a first look and for continuous integration. */
    smoke: {
      extends: 'steady',
      summary: '500 connections in 10 rooms, 200 publishes/s, a few seconds',
      connections: 500,
      rooms: 10,
      ratePerSecond: 200,
      warmupMs: '1s',
      durationMs: '3s',
      memoryLevels: 0,
      profile: 'none',
    },
  },
});
