import { defineConfig } from './contract/config.ts';

/** What this repository benchmarks: data only. Every number may be given as text with its unit, such as '1KB', '2m' or '10k'. */
export default defineConfig({
  stages: ['sse'],
  // Prices for the money figures. Without them the report takes these very numbers and calls them examples: about those of
  // a small cloud machine on demand, per core and hour, per GiB of memory and hour, and per GiB of traffic that leaves.
  // cost: { perCoreHour: 0.04, perGiBHour: 0.005, perGiBEgress: 0.09, currency: 'USD' },
  // Scenarios of your own, under names that are not taken; `bench list scenarios` shows those that are there.
  // scenarios: {
  //   lobby: { extends: 'steady', summary: 'a lobby at noon', connections: '10k', rooms: 500, payloadBytes: '1KB' },
  // },
});
