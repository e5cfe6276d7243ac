import type { DirectorySource, Registration } from '../../contract/discovery.ts';
import { servicePrefix } from '../../servers/discovery/instanceEntry.ts';
import { etcdVersion } from '../discovery/checkDirectory.ts';
import type { RunPlan } from '../plan.ts';
import type { Processes } from './processes.ts';

/** An instance that was killed is listed for so long after its last sign of life, seconds. */
const LEASE_SECONDS = 5;

/** The etcd of a run: its own, or one that was given, in which it keeps what is under a name of its own. */
export class RunDirectory {
  readonly source: DirectorySource;
  /** With its version, for the report. */
  readonly name: string;
  readonly #isGiven: boolean;

  private constructor(source: DirectorySource, name: string, isGiven: boolean) {
    this.source = source;
    this.name = name;
    this.#isGiven = isGiven;
  }

  /**
   * null: the run tells its instances itself.
   * @throws BenchError where a given etcd does not answer, or an own one does not come up
   */
  static async start({ discovery, run }: RunPlan, processes: Processes): Promise<RunDirectory | null> {
    const service = `pushbench-${run}`;
    if (processes.directory !== null) {
      const { url, pid, name } = await processes.directory.request('start', null);
      processes.noteDirectory(pid);
      return new RunDirectory({ etcdUrl: url, service }, name, false);
    }
    if (discovery.etcdUrl === null) return null;
    const name = `etcd ${await etcdVersion(discovery.etcdUrl)}`;
    return new RunDirectory({ etcdUrl: discovery.etcdUrl, service }, name, true);
  }

  get registration(): Registration {
    return { ...this.source, weight: 1, leaseSeconds: LEASE_SECONDS };
  }

  /** An etcd of somebody else's keeps nothing of this run. Rejects where that is gone. */
  async clean(): Promise<void> {
    if (!this.#isGiven) return;
    const { EtcdClient } = await import('../../servers/discovery/etcdClient.ts');
    const client = new EtcdClient(this.source.etcdUrl);
    try {
      await client.deletePrefix(servicePrefix(this.source.service));
    } finally {
      client.close();
    }
  }
}
