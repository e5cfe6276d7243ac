import { defineConfig } from '../contract/config.ts';

/**
 * This project's gate of itself: the reference server of server-sent events before and after a change, driven as a server of a user's
 * own is. The load is small, since CI has about a minute for it: 24 runs of one second.
 */
export default defineConfig({
  target: {
    // Commands run beside this file in each checkout. One with the same lock file needs no installation of its own.
    install: 'sh {root}/gate-install.sh {root}/..',
    start: 'cd .. && exec node bin/bench.js serve --stage sse --port {port}',
    // V8 lets its young generation grow when it likes, by several MiB: a small one makes memory repeatable. Both sides have it.
    env: { NODE_OPTIONS: '--max-semi-space-size=1' },
    ready: '/healthz',
    path: '/events?topic={topic}',
    publish: '/publish',
    publishDepth: 8,
    publishHeaders: { 'x-topic': '{topic}' },
  },
  scenarios: {
    'ci-gate': {
      extends: 'gate',
      summary: '500 connections in 10 rooms of 50, 200 publishes/s = 10,000 deliveries/s, for a second',
      connections: 500,
      rooms: 10,
      ratePerSecond: 200,
      warmupMs: 300,
      durationMs: 1_000,
      memoryLevels: 0,
      probes: 0,
    },
  },
  scenario: 'ci-gate',
  gate: {
    blocks: 6,
    maxTime: '2m',
    tolerances: {
      'deliveries.lost': 0,
      'io.server.syscallsPerDelivery': '5%',
      'wire.bytesPerDelivery': '1%',
      'cpu.server.usPerDelivery': '15%',
      'memory.server.meanRssBytes': '5%',
      // A second holds too few messages for a p99, and CI machines have neighbours.
      'latencyUs.delivery.p99': 'off',
      'memory.server.rssPerConnectionBytes': 'off',
    },
  },
});
