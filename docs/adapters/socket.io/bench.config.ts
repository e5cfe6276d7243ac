import { defineConfig } from 'pushbench';

export default defineConfig({
  target: { start: 'PORT={port} node server.mjs', ready: '/', driver: './driver.ts' },
  workload: { connections: 200, rooms: 10, ratePerSecond: 100, warmupMs: '1s', durationMs: '5s' },
});
