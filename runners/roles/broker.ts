import type { BrokerRequests } from '../../contract/control.ts';
import { type Broker, startBrokerOf } from '../broker/broker.ts';
import { SelfSampling } from './selfSampling.ts';
import { serveRole } from './serveRole.ts';

const sampling = new SelfSampling();
let broker: Broker | null = null;

// Ended by a signal the process would leave its redis-server; an exit takes it along. SIGHUP is not among them: with a
// terminal that is closed it comes to every role, and the bus has to last until what was measured is in.
process.once('SIGTERM', () => process.exit(0));

serveRole<BrokerRequests>({
  start: async ({ kind }) => {
    broker = await startBrokerOf(kind);
    const { url, pid, name } = broker;
    return { url, pid, name };
  },
  sample: (request) => sampling.sample(request),
  stop: async () => {
    sampling.stop();
    await broker?.stop();
    return null;
  },
});
