import type { Instance } from '../../contract/discovery.ts';
import type { Envelope } from '../../contract/envelope.ts';

/** A server that owes an answer for so long takes no more messages. */
export const SILENT_US = 5_000_000;

/** How one message fared at one node. `skipped`: the node was taken away on purpose. */
export type Outcome = 'sent' | 'refused' | 'failed' | 'skipped';

export interface PostListener {
  /** The message goes onto the wire now; `envelope.sentUs` is the stamp. */
  posted(envelope: Envelope): void;
  answered(index: number, outcome: Outcome, ackUs: number, detail: string): void;
  /** The message goes out once more, to another instance: the one before did not take it. */
  retried(index: number): void;
  /**
   * The node went away before it answered. @returns true where another node takes the message over; else it has failed
   */
  orphaned(envelope: Envelope, from: PublishConnection): boolean;
}

/** The publisher's way to one node, or to whichever instance of a service takes a message. */
export interface PublishConnection {
  /** True for a while after a refused connect: others are asked first. */
  readonly isAway: boolean;
  readonly hasInFlight: boolean;
  /** What waits is never dropped: it shows as send lag. */
  enqueue(envelope: Envelope): void;
  /** Writes what may be written now. */
  flush(): void;
  /** The node is about to be taken away: what waits or has no answer yet is nobody's failure. */
  forget(): void;
  /** Gives up what is under way, which has failed, and what waits: that failed as well where the server is silent, else it was never tried. */
  abandon(why: string): void;
  /** Only where an instance is chosen: the list has changed. */
  instances?(instances: readonly Instance[]): void;
  stop(): void;
}
