import type { BatchRecord } from '../http/batch.ts';

/** A message that the bus has given its id: ids are consecutive over all topics and nodes, in one total order. */
export interface BusMessage extends BatchRecord {
  readonly id: number;
  /** When the publishing node handed it over, microseconds of the monotonic clock. */
  readonly publishedUs: number;
}

/** What a bus tells the node that joined it. Never called before `start`, nor after `stop`. */
export interface BusListener {
  /**
   * The next messages, ids rising without a gap from what was told before.
   * `isLive` is false for what was published before this node joined: kept for resume, delivered to nobody.
   */
  messages(messages: readonly BusMessage[], isLive: boolean): void;
  /** No message up to `toId` is still to come: the bus lost it, or it is older than this node. */
  skipped(toId: number): void;
  /**
   * What a node announced, this one included, in the order in which each node announced it.
   * @throws RangeError where it is no notice
   */
  notice(bytes: Buffer): void;
  /** The connection was lost, or is there (again). */
  connection(isConnected: boolean): void;
}

export interface BusCounts {
  /** Messages that never came to this node. */
  readonly lost: number;
  /** Times that a lost connection was made again. */
  readonly reconnects: number;
  /** What came over the bus and is none of ours: dropped. */
  readonly damaged: number;
}

/** Carries messages and notices between the nodes of a cluster. */
export interface Bus {
  /**
   * Joins; resolves once messages come in.
   * @throws BenchError where the bus cannot be reached or refuses this node.
   */
  start(listener: BusListener): Promise<void>;
  /**
   * Hands messages over, in one round trip.
   * @returns the id of the last one; those before it have the ids before it.
   * @throws BusUnavailable where the bus did not take them, or did not say so in time or before the connection broke.
   */
  publish(records: readonly BatchRecord[], publishedUs: number): Promise<number>;
  /** Tells all nodes something that need not be kept; dropped while there is no connection, or too much waits for it. */
  announce(notice: Buffer): void;
  counts(): BusCounts;
  stop(): Promise<void>;
}

/** The bus cannot take a message now. */
export class BusUnavailable extends Error {
  constructor(reason: string, options?: ErrorOptions) {
    super(`the bus takes no message now: ${reason}`, options);
    this.name = 'BusUnavailable';
  }
}
