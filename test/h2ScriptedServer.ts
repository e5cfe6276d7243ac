import { once } from 'node:events';
import {
  createSecureServer,
  createServer,
  type Http2SecureServer,
  type Http2Server,
  type Http2Session,
  type IncomingHttpHeaders,
  type OutgoingHttpHeaders,
  type ServerHttp2Stream,
} from 'node:http2';
import type { Socket } from 'node:net';
import type { H2Security } from './h2Fixture.ts';

/** One request whose first bytes have arrived, for a script to answer as well or as badly as it likes. */
export interface ScriptedStream {
  readonly headers: IncomingHttpHeaders;
  /** What the client sent with the request; of a stream that stays open what came first. */
  readonly body: Buffer;
  readonly stream: ServerHttp2Stream;
  readonly session: Http2Session;
  /** Ends the TCP connection, without a word of HTTP/2. */
  cut(): void;
  /** Everything that the client sends on the stream; resolves when its half has ended. */
  readonly wholeBody: Promise<Buffer>;
  /** Resolves when the stream is over. */
  readonly closed: Promise<unknown>;
  /** Sends the head of an answer, and what ends it: null where it has no trailers. */
  answer(head: OutgoingHttpHeaders, trailers: OutgoingHttpHeaders | null): void;
  /** Sends the head as the whole of an answer. */
  answerOnly(head: OutgoingHttpHeaders): void;
  /** Resolves when the bytes were handed over, or the stream is over. */
  send(bytes: Uint8Array): Promise<void>;
  /** Ends the stream in order. */
  end(): void;
}

export type H2Script = (stream: ScriptedStream) => Promise<void> | void;

/** An HTTP/2 server that runs one script for each stream, in order of arrival, and the last one again after that. */
export class H2ScriptedServer {
  port = 0;
  readonly requests: ScriptedStream[] = [];
  readonly sessions = new Set<Http2Session>();
  /** Connections that ever came. */
  connections = 0;
  readonly #scripts: readonly H2Script[];
  readonly #server: Http2Server | Http2SecureServer;
  readonly #running: Promise<void>[] = [];
  /** Of sessions, by the port of the client. */
  readonly #sockets = new Map<number | undefined, Socket>();
  #streams = 0;

  /** @param security certificate and key of the server; null: it speaks in the clear */
  constructor(scripts: readonly H2Script[], security: H2Security['server'] | null = null) {
    this.#scripts = scripts;
    this.#server = security === null ? createServer() : createSecureServer({ ...security });
    this.#server.on('connection', (socket: Socket) => this.#sockets.set(socket.remotePort, socket));
    this.#server.on('session', (session) => {
      this.connections++;
      this.sessions.add(session);
      session.on('close', () => this.sessions.delete(session));
      // Clients that cut their connections are what many of the tests are about.
      session.on('error', () => {});
    });
    this.#server.on('stream', (stream: ServerHttp2Stream, headers: IncomingHttpHeaders) => {
      const script = this.#scripts[Math.min(++this.#streams, this.#scripts.length) - 1];
      this.#running.push(this.#serve(stream, headers, script));
    });
  }

  async start(): Promise<void> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    const address = this.#server.address();
    this.port = address !== null && typeof address === 'object' ? address.port : 0;
  }

  /** @throws what a script threw. */
  async stop(): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    for (const session of this.sessions) session.destroy();
    for (const socket of this.#sockets.values()) socket.destroy();
    await closed;
    await Promise.all(this.#running);
  }

  async #serve(stream: ServerHttp2Stream, headers: IncomingHttpHeaders, script: H2Script): Promise<void> {
    stream.on('error', () => {});
    const closed = new Promise((resolve) => {
      stream.on('close', () => resolve(null));
    });
    const parts: Buffer[] = [];
    stream.on('data', (bytes: Buffer) => parts.push(bytes));
    const ended = new Promise<void>((resolve) => {
      stream.on('end', resolve);
      stream.on('close', resolve);
    });
    const first = new Promise<void>((resolve) => {
      stream.once('data', () => resolve());
    });
    await Promise.race([first, ended]);
    const { session } = stream;
    const socket = this.#sockets.get(session?.socket.remotePort);
    if (session === undefined) return;
    const scripted: ScriptedStream = {
      headers,
      body: Buffer.concat(parts),
      stream,
      session,
      cut: () => socket?.destroy(),
      wholeBody: ended.then(() => Buffer.concat(parts)),
      closed,
      answerOnly: (head) => stream.respond(head, { endStream: true }),
      answer: (head, trailers) => answer(stream, head, trailers),
      send: (bytes) => Promise.race([written(stream, bytes), closed.then(() => {})]),
      end: () => stream.end(),
    };
    this.requests.push(scripted);
    await script(scripted);
  }
}

function written(stream: ServerHttp2Stream, bytes: Uint8Array): Promise<void> {
  return new Promise((resolve) => {
    stream.write(bytes, () => resolve());
  });
}

function answer(
  stream: ServerHttp2Stream,
  head: OutgoingHttpHeaders,
  trailers: OutgoingHttpHeaders | null,
): void {
  if (trailers !== null) stream.on('wantTrailers', () => stream.sendTrailers(trailers));
  stream.respond(head, { waitForTrailers: trailers !== null });
}
