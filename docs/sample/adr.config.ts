import { defineConfig } from '../../contract/config.ts';

/** What the sample decision record was made with: docs/sample/adr.md. The team and its numbers are made up, the measurement is not. */
export default defineConfig({
  decision: {
    traffic: { users: '400k', peakShare: 0.1, messagesPerSecond: 800, fanOut: 100, payloadBytes: 256 },
    weights: { latency: 2, memory: 1, cost: 2, operability: 2 },
    operability: {
      poll: { score: 9, why: 'plain requests, which every proxy and every engineer here knows' },
      sse: { score: 8, why: 'plain HTTP; the balancers stream it today' },
      ws: { score: 6, why: 'upgrades have to be allowed in two balancers' },
      'ws-cluster': { score: 4, why: 'as ws, and a bus that somebody has to watch at night' },
      grpc: { score: 4, why: 'browsers need a proxy that translates' },
    },
    migration: {
      from: 'poll',
      personDays: { sse: 15, ws: 25, 'ws-cluster': 40, grpc: 60 },
      ratePerDay: 800,
    },
    node: { cores: 2, memoryGiB: 8, gbitPerSecond: 1 },
  },
});
