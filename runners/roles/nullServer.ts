import type { NullServerRequests } from '../../contract/nullControl.ts';
import { NullServer } from '../../servers/instrument/nullServer.ts';
import { SelfSampling } from './selfSampling.ts';
import { serveRole } from './serveRole.ts';

const sampling = new SelfSampling();
let server: NullServer | null = null;

function running(): NullServer {
  if (server === null) throw new Error('the null server has not been started');
  return server;
}

serveRole<NullServerRequests>({
  start: (start) => {
    server = new NullServer(start);
    return server.listen();
  },
  grant: ({ messages }) => {
    running().flood.grant(messages);
    return null;
  },
  halt: () => {
    running().flood.halt();
    return { begun: running().flood.begun };
  },
  finish: async ({ messages }) => {
    await running().flood.finish(messages);
    return null;
  },
  sample: (request) => sampling.sample(request),
  stop: async () => {
    sampling.stop();
    await server?.stop();
    return null;
  },
});
