import type { ServerNodeRequests } from '../../contract/control.ts';
import type { PushServer } from '../../contract/pushServer.ts';
import { createServer } from '../../servers/registry.ts';
import { startCpuProfile } from '../profilers/cpu.ts';
import { startHeapProfile } from '../profilers/heap.ts';
import { SelfSampling } from './selfSampling.ts';
import { serveRole } from './serveRole.ts';

const sampling = new SelfSampling();
let server: PushServer | null = null;
let profiling: { stop(path: string): Promise<{ samples: number }> } | null = null;

function running(): PushServer {
  if (server === null) throw new Error('the node has not been started');
  return server;
}

serveRole<ServerNodeRequests>({
  start: async ({ stage, variant, options }) => {
    server = await createServer(stage, variant);
    const { endpoints, ingest } = await server.start(options);
    return { endpoints, ingest, capabilities: server.capabilities };
  },
  stats: () => running().stats(),
  drain: async ({ graceMs }) => {
    await running().drain?.(graceMs);
    return null;
  },
  sample: (request) => sampling.sample(request),
  profileStart: async ({ kind, intervalUs }) => {
    profiling = kind === 'cpu' ? await startCpuProfile({ intervalUs }) : await startHeapProfile();
    return null;
  },
  profileStop: async ({ path }) => {
    if (profiling === null) throw new Error('no profile is being taken');
    const { samples } = await profiling.stop(path);
    profiling = null;
    return { samples };
  },
  stop: async () => {
    sampling.stop();
    await server?.stop();
    return null;
  },
});
