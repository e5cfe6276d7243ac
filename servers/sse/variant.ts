import type { Server } from 'node:http';
import type { ServerOptions } from '../../contract/pushServer.ts';
import type { Deliver } from '../node/fanOut.ts';
import type { Stream, StreamTable } from '../node/streams.ts';
import type { PushEvent } from '../replay.ts';
import type { EventStreams } from './eventStreams.ts';

export interface VariantContext {
  readonly options: ServerOptions;
  readonly streams: StreamTable;
}

/** What the variants of the stage differ in: how events are encoded and written, and when a stream is freed. */
export interface Variant {
  /** A stream was opened and its head sent. */
  opened(stream: Stream): void;
  readonly deliver: Deliver;
  /** One event for one stream that catches up on what it missed. */
  frame(event: PushEvent): Buffer | string;
  /** Takes connections before HTTP does. */
  intercept?(server: Server, eventStreams: EventStreams): void;
  start?(): void;
  stop?(): void;
}

export type CreateVariant = (context: VariantContext) => Variant;
