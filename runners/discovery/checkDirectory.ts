import type { Settings } from '../../contract/config.ts';
import { BenchError, EXIT, messageOf } from '../../contract/errors.ts';

/**
 * The directory that runs need can be had: before anything starts, where it is missing.
 * @throws BenchError where a given etcd does not answer, or none is on the PATH for one of our own
 */
export async function checkDirectory({ kind, etcdUrl }: Settings['discovery']): Promise<void> {
  if (kind === 'static') return;
  if (etcdUrl !== null) {
    await etcdVersion(etcdUrl);
    return;
  }
  const { findEtcd } = await import('./privateEtcd.ts');
  findEtcd();
}

/** @throws BenchError where no etcd answers. */
export async function etcdVersion(etcdUrl: string): Promise<string> {
  // Loaded on demand: only a run with an etcd carries its client.
  const { EtcdClient } = await import('../../servers/discovery/etcdClient.ts');
  const client = new EtcdClient(etcdUrl);
  try {
    return await client.version();
  } catch (error) {
    throw new BenchError(`${etcdUrl}: no etcd answers there: ${reasonOf(error)}`, {
      exitCode: EXIT.usage,
      hint: 'Start it, or give --discovery etcd: the run then starts one of its own.',
      cause: error,
    });
  } finally {
    client.close();
  }
}

/** grpc-js ends some of its messages with a heading for a note that is not there. */
function reasonOf(error: unknown): string {
  return messageOf(error).replace(/\s*Resolution note:\s*$/, '');
}
