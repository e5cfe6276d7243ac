import type { Instance } from '../../contract/discovery.ts';

/** What went wrong in watching a directory, and was survived. */
export interface DirectoryCounts {
  /** Entries that are no instance. */
  readonly junk: number;
  /** Entries beyond the most that are kept. */
  readonly beyondLimit: number;
  /** Times that the watch had to begin anew, because the directory was away. */
  readonly reconnects: number;
  /** Times that the watch had to begin anew, because what it asked for was compacted away. */
  readonly compactions: number;
}

/** A list of instances that changes. */
export interface Directory {
  /** In the order of their node ids; empty: there is none now, or none is known yet. */
  readonly instances: readonly Instance[];
  readonly counts: DirectoryCounts;
  /** Calls back with every list from now on. @returns a function that ends this */
  follow(listener: (instances: readonly Instance[]) => void): () => void;
  close(): void;
}

const NO_COUNTS: DirectoryCounts = { junk: 0, beyondLimit: 0, reconnects: 0, compactions: 0 };

/** The list of those who are told: by whoever starts and stops the instances. */
export class StaticDirectory implements Directory {
  readonly counts = NO_COUNTS;
  readonly #listeners = new Set<(instances: readonly Instance[]) => void>();
  #instances: readonly Instance[];

  constructor(instances: readonly Instance[]) {
    this.#instances = inOrder(instances);
  }

  get instances(): readonly Instance[] {
    return this.#instances;
  }

  set(instances: readonly Instance[]): void {
    this.#instances = inOrder(instances);
    for (const listener of this.#listeners) listener(this.#instances);
  }

  follow(listener: (instances: readonly Instance[]) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  close(): void {
    this.#listeners.clear();
  }
}

/** The same order for everyone who looks: `pick_first` is the same instance for all. */
export function inOrder(instances: Iterable<Instance>): Instance[] {
  return [...instances].sort((a, b) => (a.nodeId < b.nodeId ? -1 : a.nodeId > b.nodeId ? 1 : 0));
}

/**
 * Resolves with the first list that is not empty.
 * @throws Error where there is none within the time
 */
export function firstInstances(directory: Directory, limitMs: number): Promise<readonly Instance[]> {
  if (directory.instances.length > 0) return Promise.resolve(directory.instances);
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      unfollow();
      reject(new Error(`no instance was listed within ${limitMs} ms`));
    }, limitMs);
    const unfollow = directory.follow((instances) => {
      if (instances.length === 0) return;
      clearTimeout(timer);
      unfollow();
      resolve(instances);
    });
  });
}
