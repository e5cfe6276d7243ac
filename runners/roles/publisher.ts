import type { PublisherRequests } from '../../contract/publisherControl.ts';
import { connectOf } from '../publisher/connect.ts';
import { Publisher } from '../publisher/publisher.ts';
import { initHistograms } from '../recorders/histograms.ts';
import { SelfSampling } from './selfSampling.ts';
import { serveRole } from './serveRole.ts';

const sampling = new SelfSampling();
let publisher: Publisher | null = null;

function running(): Publisher {
  if (publisher === null) throw new Error('the publisher has not been started');
  return publisher;
}

serveRole<PublisherRequests>({
  start: async (start) => {
    await initHistograms();
    publisher = new Publisher(start, await connectOf(start));
    return null;
  },
  phase: (spec) => running().phase(spec),
  forget: ({ node }) => {
    running().forget(node);
    return null;
  },
  instances: (instances) => {
    running().instances(instances);
    return null;
  },
  abort: () => {
    running().abort();
    return null;
  },
  sample: (request) => sampling.sample(request),
  stop: () => {
    sampling.stop();
    publisher?.stop();
    return null;
  },
});
