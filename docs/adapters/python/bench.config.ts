import { defineConfig } from 'pushbench';

export default defineConfig({
  target: {
    start: 'exec python3 server.py {port}',
    ready: '/healthz',
    path: '/events?topic={topic}',
    publish: '/publish?topic={topic}',
  },
});
