import type { DirectoryRequests } from '../../contract/control.ts';
import { PrivateEtcd } from '../discovery/privateEtcd.ts';
import { SelfSampling } from './selfSampling.ts';
import { serveRole } from './serveRole.ts';

const sampling = new SelfSampling();
let etcd: PrivateEtcd | null = null;

// A process that is told to exit does not come back to its promises, and etcd must not outlive it.
process.once('exit', () => etcd?.killNow());
process.once('SIGTERM', () => process.exit(0));

serveRole<DirectoryRequests>({
  start: async () => {
    etcd = await PrivateEtcd.create();
    try {
      await etcd.start();
    } catch (error) {
      await etcd.stop();
      throw error;
    }
    const { url, pid, name } = etcd;
    return { url, pid, name };
  },
  sample: (request) => sampling.sample(request),
  stop: async () => {
    sampling.stop();
    await etcd?.stop();
    return null;
  },
});
