import {
  type ClientHttp2Stream,
  constants,
  type IncomingHttpHeaders,
  type IncomingHttpStatusHeader,
} from 'node:http2';
import { type Clock, nowUs } from '../../../contract/clock.ts';
import type { CloseDetail } from '../../../contract/loadDriver.ts';
import type { Endpoint } from '../../../contract/pushServer.ts';
import type { ClientSecurity, TlsParameters } from '../../../contract/security.ts';
import { H2Connection } from './h2Connection.ts';
import { postOn, type Settled } from './post.ts';
import { streamEnd } from './streamEnd.ts';

export type ResponseHead = IncomingHttpHeaders & IncomingHttpStatusHeader;

/** What a protocol sees of its streams. */
export interface StreamHandler {
  /** @returns false where nothing of the body is wanted: the stream was ended. */
  answered(slot: number, head: ResponseHead, receivedUs: number): boolean;
  onBytes(slot: number, bytes: Uint8Array, receivedUs: number): void;
  trailers(slot: number, fields: IncomingHttpHeaders): void;
  /** Once per `open`. null: the server ended the stream in order. */
  ended(slot: number, detail: CloseDetail | null): void;
}

/** What asks for a stream. */
export interface StreamRequest {
  /** Names and values in turn, pseudo-header fields first. Kept as long as the stream: to be shared where it can be. */
  readonly fields: readonly string[];
  /** First bytes of the body; null: there is none. */
  readonly body: Uint8Array | null;
  /** False where more is said on the stream later. */
  readonly isWhole: boolean;
}

interface Place {
  readonly slot: number;
  readonly connection: H2Connection;
  failure: Error | null;
}

/** A stream that knows its slot, so that listeners can be shared and no closure is made per stream. */
type SlotStream = ClientHttp2Stream & Place;

/** HTTP/2 streams by slot. Slots `[k n, (k + 1) n)` that go to one address share a connection. */
export class H2Transport {
  readonly #streams: (SlotStream | undefined)[];
  readonly #streamsPerConnection: number;
  readonly #security: ClientSecurity | null;
  readonly #handler: StreamHandler;
  /** Connections that take new streams. */
  readonly #open = new Map<string, H2Connection>();
  /** All whose socket has not closed. */
  readonly #connections = new Set<H2Connection>();
  readonly #onIdle: (() => void)[] = [];
  #live = 0;
  #tls: TlsParameters | null = null;
  #endedBytesRead = 0;
  #endedBytesWritten = 0;
  readonly #onResponse: (this: SlotStream, head: ResponseHead) => void;
  readonly #onTrailers: (this: SlotStream, fields: IncomingHttpHeaders) => void;
  readonly #onEnd: (this: SlotStream) => void;
  readonly #onError: (this: SlotStream, error: Error) => void;
  readonly #onClose: (this: SlotStream) => void;
  readonly #onOver: (connection: H2Connection) => void;
  readonly #onSecure: (agreed: TlsParameters) => void;

  constructor(
    slots: number,
    streamsPerConnection: number,
    security: ClientSecurity | null,
    handler: StreamHandler,
    clock: Clock = nowUs,
  ) {
    this.#streams = new Array<SlotStream | undefined>(slots).fill(undefined);
    this.#streamsPerConnection = streamsPerConnection;
    this.#security = security;
    this.#handler = handler;
    const onData = function onData(this: SlotStream, bytes: Uint8Array): void {
      const receivedUs = clock();
      handler.onBytes(this.slot, bytes, receivedUs);
    };
    this.#onResponse = function onResponse(this: SlotStream, head: ResponseHead): void {
      // Bytes wait until here, so none can come before the head.
      if (handler.answered(this.slot, head, clock())) this.on('data', onData);
    };
    this.#onTrailers = function onTrailers(this: SlotStream, fields: IncomingHttpHeaders): void {
      handler.trailers(this.slot, fields);
    };
    this.#onEnd = function onEnd(this: SlotStream): void {
      // The server says no more, so neither does the client: the stream is over only when both halves are.
      this.end();
    };
    this.#onError = function onError(this: SlotStream, error: Error): void {
      this.failure = error;
    };
    this.#onSecure = (agreed) => {
      this.#tls ??= agreed;
    };
    this.#onOver = (connection) => this.#over(connection);
    const release = (stream: SlotStream): void => this.#release(stream);
    this.#onClose = function onClose(this: SlotStream): void {
      release(this);
    };
  }

  get bytesRead(): number {
    let bytes = this.#endedBytesRead;
    for (const connection of this.#connections) bytes += connection.bytesRead;
    return bytes;
  }

  get bytesWritten(): number {
    let bytes = this.#endedBytesWritten;
    for (const connection of this.#connections) bytes += connection.bytesWritten;
    return bytes;
  }

  /** What the first handshake agreed on; null: there was none. */
  get tls(): TlsParameters | null {
    return this.#tls;
  }

  get connections(): number {
    return this.#connections.size;
  }

  /** Starts a stream, on a connection of the slot's group or on a new one. */
  open(slot: number, address: Endpoint, request: StreamRequest): void {
    const connection = this.#connectionFor(slot, address);
    connection.streams++;
    this.#live++;
    const bare = connection.session.request(request.fields, {
      endStream: request.isWhole && request.body === null,
    });
    const place: Place = { slot, connection, failure: null };
    const stream: SlotStream = Object.assign(bare, place);
    this.#streams[slot] = stream;
    stream.on('response', this.#onResponse);
    stream.on('trailers', this.#onTrailers);
    stream.on('error', this.#onError);
    stream.on('close', this.#onClose);
    if (!request.isWhole) stream.on('end', this.#onEnd);
    if (request.body === null) return;
    if (request.isWhole) stream.end(request.body);
    else stream.write(request.body);
  }

  /** @returns false where the client has ended its half, or the stream is over */
  write(slot: number, bytes: Uint8Array, settled: (error: Error | null) => void): boolean {
    const stream = this.#streams[slot];
    if (stream === undefined || !stream.writable || stream.closed) return false;
    stream.write(bytes, (error) => settled(error ?? null));
    return true;
  }

  /** Asks for something else on the slot's connection. @returns false where that takes no more */
  post(slot: number, fields: readonly string[], body: Uint8Array, settled: Settled): boolean {
    const connection = this.#streams[slot]?.connection;
    if (connection === undefined || !connection.takesStreams) return false;
    postOn(connection.session, fields, body, settled);
    return true;
  }

  /** Streams that the server allows on the slot's connection, where there are more of them than that; else null. */
  exceededLimit(slot: number): number | null {
    const connection = this.#streams[slot]?.connection;
    if (connection === undefined || connection.streams <= connection.allowedStreams) return null;
    return connection.allowedStreams;
  }

  /** Ends the client's half of the stream. */
  endHalf(slot: number): void {
    this.#streams[slot]?.end();
  }

  pause(slot: number): void {
    this.#streams[slot]?.pause();
  }

  resume(slot: number): void {
    this.#streams[slot]?.resume();
  }

  /** Ends a stream from this side; `ended` follows. */
  cancel(slot: number): void {
    const stream = this.#streams[slot];
    if (stream === undefined) return;
    if (!stream.pending) stream.close(constants.NGHTTP2_CANCEL);
    // By itself `close` waits: for the connection, for the server to allow the stream, for all of it to be read.
    stream.destroy();
  }

  /** Destroys all connections; resolves when the last one, and the last stream, has ended. */
  async destroyAll(): Promise<void> {
    if (this.#live === 0 && this.#connections.size === 0) return;
    const idle = new Promise<void>((resolve) => {
      this.#onIdle.push(resolve);
    });
    for (const connection of this.#connections) connection.destroy();
    await idle;
  }

  #connectionFor(slot: number, { host, port }: Endpoint): H2Connection {
    const key = `${Math.floor(slot / this.#streamsPerConnection)} ${host} ${port}`;
    const known = this.#open.get(key);
    if (known?.takesStreams) return known;
    const connection = new H2Connection(key, { host, port }, this.#security, this.#onOver, this.#onSecure);
    this.#open.set(key, connection);
    this.#connections.add(connection);
    return connection;
  }

  #release(stream: SlotStream): void {
    const { slot, connection, failure } = stream;
    this.#streams[slot] = undefined;
    connection.streams--;
    this.#live--;
    if (connection.streams === 0) this.#leave(connection);
    this.#handler.ended(slot, streamEnd(connection, failure, stream.rstCode));
    this.#tellIdle();
  }

  /** Ends a connection without streams. A slot that opens right after this gets a new one, as a new client would. */
  #leave(connection: H2Connection): void {
    if (this.#open.get(connection.key) === connection) this.#open.delete(connection.key);
    connection.destroy();
  }

  #over(connection: H2Connection): void {
    if (this.#open.get(connection.key) === connection) this.#open.delete(connection.key);
    this.#connections.delete(connection);
    this.#endedBytesRead += connection.bytesRead;
    this.#endedBytesWritten += connection.bytesWritten;
    this.#tellIdle();
  }

  #tellIdle(): void {
    if (this.#live > 0 || this.#connections.size > 0) return;
    for (const resolve of this.#onIdle.splice(0)) resolve();
  }
}
