import type { DirectorySource, Instance } from '../../contract/discovery.ts';
import { backOffMs } from '../../servers/bus/backOff.ts';
import { EtcdClient } from '../../servers/discovery/etcdClient.ts';
import type { EtcdEntry } from '../../servers/discovery/etcdMessages.ts';
import { parseInstance, servicePrefix } from '../../servers/discovery/instanceEntry.ts';
import { type Directory, type DirectoryCounts, inOrder } from './directory.ts';

/** Instances that are kept; more of them are counted and left out. */
export const MAX_INSTANCES = 1_024;

/**
 * The instances of a service as etcd lists them: the range is read, then watched from the revision behind it.
 * Where etcd is away, the last list stays, and both are done again with back-off; where the revision was compacted away, at
 * once. An entry goes with its lease.
 */
export class EtcdDirectory implements Directory {
  readonly #client: Pick<EtcdClient, 'range' | 'watch' | 'close'>;
  readonly #prefix: string;
  readonly #byKey = new Map<string, Instance>();
  readonly #listeners = new Set<(instances: readonly Instance[]) => void>();
  readonly #counts = { junk: 0, beyondLimit: 0, reconnects: 0, compactions: 0 };
  #instances: readonly Instance[] = [];
  #unwatch: (() => void) | null = null;
  #timer: NodeJS.Timeout | null = null;
  #failures = 0;
  #isClosed = false;

  constructor(
    { etcdUrl, service }: DirectorySource,
    client: Pick<EtcdClient, 'range' | 'watch' | 'close'> = new EtcdClient(etcdUrl),
  ) {
    this.#client = client;
    this.#prefix = servicePrefix(service);
    this.#read();
  }

  get instances(): readonly Instance[] {
    return this.#instances;
  }

  get counts(): DirectoryCounts {
    return { ...this.#counts };
  }

  follow(listener: (instances: readonly Instance[]) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  close(): void {
    this.#isClosed = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#unwatch?.();
    this.#listeners.clear();
    this.#client.close();
  }

  #read(): void {
    this.#client.range(this.#prefix, MAX_INSTANCES + 1).then(
      ({ entries, revision }) => {
        if (this.#isClosed) return;
        this.#failures = 0;
        this.#byKey.clear();
        for (const entry of entries) this.#put(entry);
        this.#tell();
        this.#watchFrom(revision + 1n);
      },
      () => this.#readAgain(),
    );
  }

  #watchFrom(revision: bigint): void {
    this.#unwatch = this.#client.watch(this.#prefix, revision, {
      changed: ({ type, ...entry }) => {
        if (type === 'PUT') this.#put(entry);
        else this.#byKey.delete(entry.key);
        this.#tell();
      },
      compacted: () => {
        this.#counts.compactions++;
        this.#read();
      },
      ended: () => this.#readAgain(),
    });
  }

  #readAgain(): void {
    if (this.#isClosed) return;
    this.#counts.reconnects++;
    this.#timer = setTimeout(() => this.#read(), backOffMs(this.#failures++));
  }

  #put({ key, value }: EtcdEntry): void {
    // What stood there before does not hold any more, whatever comes now.
    this.#byKey.delete(key);
    const instance = parseInstance(value);
    if (instance === null) this.#counts.junk++;
    else if (this.#byKey.size >= MAX_INSTANCES) this.#counts.beyondLimit++;
    else this.#byKey.set(key, instance);
  }

  #tell(): void {
    this.#instances = inOrder(this.#byKey.values());
    for (const listener of this.#listeners) listener(this.#instances);
  }
}
