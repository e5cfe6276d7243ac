import type { Deliver } from '../node/fanOut.ts';
import type { Chunk, StreamTable } from '../node/streams.ts';
import type { PushEvent } from '../replay.ts';
import type { EventMessage } from './events.ts';
import type { Subscriber } from './subscriber.ts';

/** What the variants of the stage differ in: what is handed to each call, and what the call makes bytes of it with. */
export interface Variant {
  readonly deliver: Deliver<Subscriber>;
  /** One event for one stream that catches up on what it missed. */
  frame(event: PushEvent): Chunk;
  /** Anything else that goes to a stream. */
  message(message: EventMessage): Chunk;
  /** For the definition of the service. */
  serialize(chunk: Chunk): Buffer;
}

export type CreateVariant = (streams: StreamTable<Subscriber>) => Variant;
