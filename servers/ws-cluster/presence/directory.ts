import { JoinTimes } from './joinTimes.ts';
import type { NodeIdentity, Notice } from './notice.ts';

/** Where a connection is. */
export interface Whereabouts {
  readonly connection: string;
  readonly node: string;
  /** ISO 8601. */
  readonly since: string;
}

export interface NodePresence {
  readonly node: string;
  readonly connections: number;
  readonly since: string;
}

interface Entry {
  readonly startedMs: number;
  readonly times: JoinTimes;
  heardMs: number;
}

/** Which node holds which connection, as far as this node has heard. */
export class Directory {
  readonly #nodes = new Map<string, Entry>();
  readonly #clockMs: () => number;

  constructor(clockMs: () => number) {
    this.#clockMs = clockMs;
  }

  /** @returns true where what is known of the node is not what it says, so that it has to be asked. */
  take(notice: Notice): boolean {
    const entry = this.#entryOf(notice);
    if (entry === null) return false;
    entry.heardMs = this.#clockMs();
    if (notice.kind === 'snapshot' && notice.isFirst) entry.times.clear();
    if (notice.kind === 'changes' || notice.kind === 'snapshot') {
      for (const [serial, atMs] of notice.joined) entry.times.add(serial, atMs);
    }
    if (notice.kind === 'changes') for (const serial of notice.left) entry.times.remove(serial);
    if (notice.kind === 'bye') this.#nodes.delete(notice.node);
    return notice.kind === 'beat' && notice.count !== entry.times.size;
  }

  /** Connections of one node. */
  timesOf(identity: NodeIdentity): JoinTimes {
    return this.#entryOf(identity)?.times ?? new JoinTimes();
  }

  /** Forgets nodes that were not heard of for `afterMs`: they died without a word. */
  expire(afterMs: number, exceptNode: string): void {
    const nowMs = this.#clockMs();
    for (const [node, { heardMs }] of this.#nodes) {
      if (node !== exceptNode && nowMs - heardMs > afterMs) this.#nodes.delete(node);
    }
  }

  /** `<node>-<serial>`; null: no node says that it has this connection. */
  find(connection: string): Whereabouts | null {
    const dash = connection.lastIndexOf('-');
    const node = connection.slice(0, Math.max(0, dash));
    const entry = this.#nodes.get(node);
    const serial = connection.slice(dash + 1);
    const atMs = /^[1-9]\d{0,9}$/.test(serial) ? entry?.times.find(Number(serial)) : null;
    if (entry === undefined || atMs === null || atMs === undefined) return null;
    return { connection, node, since: new Date(entry.startedMs + atMs).toISOString() };
  }

  nodes(): NodePresence[] {
    return [...this.#nodes].map(([node, { times, startedMs }]) => ({
      node,
      connections: times.size,
      since: new Date(startedMs).toISOString(),
    }));
  }

  /** null: it speaks for a node that has started anew since. */
  #entryOf({ node, startedMs }: NodeIdentity): Entry | null {
    const known = this.#nodes.get(node);
    if (known !== undefined && known.startedMs > startedMs) return null;
    if (known?.startedMs === startedMs) return known;
    const entry = { startedMs, times: new JoinTimes(), heardMs: this.#clockMs() };
    this.#nodes.set(node, entry);
    return entry;
  }
}
