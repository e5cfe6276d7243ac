import type { ServerOptions } from '../../contract/pushServer.ts';
import type { Deliver } from '../node/fanOut.ts';
import type { StreamTable } from '../node/streams.ts';
import type { PushEvent } from '../replay.ts';
import type { Connection } from './connection.ts';

export interface VariantContext {
  readonly options: ServerOptions;
  readonly streams: StreamTable<Connection>;
}

/** What the variants of the stage differ in: how events are encoded and written. */
export interface Variant {
  readonly deliver: Deliver<Connection>;
  /** One event for one connection that catches up on what it missed. */
  frame(event: PushEvent): Buffer;
}

export type CreateVariant = (context: VariantContext) => Variant;
