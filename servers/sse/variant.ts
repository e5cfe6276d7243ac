import type { Server } from 'node:http';
import type { Endpoint, ServerOptions } from '../../contract/pushServer.ts';
import type { IngestSink } from '../http/ingest.ts';
import type { NodeCore } from '../node/core.ts';
import type { Deliver } from '../node/fanOut.ts';
import type { Stream, StreamTable } from '../node/streams.ts';
import type { PushEvent } from '../replay.ts';
import type { EventStreams } from './eventStreams.ts';

export interface VariantContext {
  readonly options: ServerOptions;
  readonly streams: StreamTable;
}

/** What a variant that has listeners of its own is given. */
export interface OwnListenersParts {
  readonly core: NodeCore;
  readonly eventStreams: EventStreams;
  /** Where accepted messages go. */
  readonly sink: IngestSink;
}

export interface OwnListeners {
  /** @throws BenchError where an address cannot be bound; those already bound are closed by `stop`. */
  listen(addresses: readonly Endpoint[]): Promise<readonly Endpoint[]>;
  stop(): Promise<void>;
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
  /** Serves event streams on addresses that HTTP/1.1 has no part in. */
  serve?(parts: OwnListenersParts): OwnListeners;
  start?(): void;
  stop?(): void;
}

export type CreateVariant = (context: VariantContext) => Variant;
