import type { LinkRequests } from '../../contract/control.ts';
import { Relay } from '../link/relay.ts';
import { initHistograms } from '../recorders/histograms.ts';
import { SelfSampling } from './selfSampling.ts';
import { serveRole } from './serveRole.ts';

const sampling = new SelfSampling();
let relay: Relay | null = null;

serveRole<LinkRequests>({
  start: async (start) => {
    await initHistograms();
    const running = new Relay(start);
    relay = running;
    return Promise.all(start.routes.map((route) => running.listen(route)));
  },
  lateness: () => {
    const late = relay?.takeLateness();
    if (late === undefined) return null;
    const p99Us = late.totalCount === 0 ? null : late.getValueAtPercentile(99);
    late.destroy();
    return p99Us;
  },
  sample: (request) => sampling.sample(request),
  stop: async () => {
    sampling.stop();
    await relay?.stop();
    return null;
  },
});
