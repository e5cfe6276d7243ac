import {
  constants,
  type Http2SecureServer,
  type Http2Server,
  Http2ServerRequest,
  Http2ServerResponse,
  type IncomingHttpHeaders,
  type ServerHttp2Stream,
} from 'node:http2';
import type { Socket } from 'node:net';
import { performance } from 'node:perf_hooks';
import { PUBLISH_PATH } from '../../contract/ingest.ts';
import type { Endpoint } from '../../contract/pushServer.ts';
import type { Identity } from '../../contract/security.ts';
import { createHttp2Server } from '../http/httpServer.ts';
import { Ingest } from '../http/ingest.ts';
import { OTHER_CONNECTIONS, requestTimeoutMs } from '../http/limits.ts';
import { bind } from '../http/listeners.ts';
import { pathOf } from '../http/routes.ts';
import { SilentSockets } from '../node/silentSockets.ts';
import { parseSubscription } from '../node/subscription.ts';
import { peerOf } from '../security/peerOf.ts';
import { PendingHandshakes } from '../security/pendingHandshakes.ts';
import { unauthorized } from '../security/unauthorized.ts';
import { EVENTS_PATH, FULL, STREAM_HEADERS } from './eventStreams.ts';
import type { OwnListenersParts } from './variant.ts';

/** Streams of one connection: as many as the harness asks for at most. */
const MAX_STREAMS = 1_000;
/** Megabytes that one connection may hold before its new streams are refused: a full one of slow readers is cut first. */
const MAX_SESSION_MEGABYTES = 64;
/** Damaged frames before a connection is ended. @default of Node: 1000 */
const MAX_INVALID_FRAMES = 100;

/**
 * `GET /events` and `POST /publish` over HTTP/2: with prior knowledge where it is plain, else negotiated (RFC 9113, section 3).
 * Publishers, probes of health and scrapers that speak HTTP/1.1 have an address of their own.
 */
export class Http2EventStreams {
  readonly #parts: OwnListenersParts;
  readonly #ingest: Ingest;
  readonly #servers: (Http2Server | Http2SecureServer)[] = [];
  readonly #sockets = new Set<Socket>();
  readonly #pending: PendingHandshakes[] = [];
  readonly #silent: SilentSockets;
  #isStopped = false;

  constructor(parts: OwnListenersParts) {
    const { limits } = parts.core.options;
    this.#parts = parts;
    this.#ingest = new Ingest(parts.sink, limits.maxPublishBytes);
    this.#silent = new SilentSockets(limits.headerTimeoutMs, (socket) => {
      parts.core.streams.counts.refused++;
      socket.destroy();
    });
  }

  /** @throws BenchError where an address cannot be bound; those already bound are closed by `stop`. */
  async listen(addresses: readonly Endpoint[]): Promise<Endpoint[]> {
    if (!this.#isStopped) this.#silent.start();
    const endpoints: Endpoint[] = [];
    for (const address of addresses) endpoints.push(await this.#listenOn(address));
    return endpoints;
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#silent.stop();
    const closed = this.#servers.filter(({ listening }) => listening).map(closeServer);
    for (const pending of this.#pending) pending.destroyAll();
    // Not by their sessions: those wait for a client that reads nothing.
    for (const socket of this.#sockets) socket.destroy();
    await Promise.all(closed);
  }

  async #listenOn(address: Endpoint): Promise<Endpoint> {
    const { options, streams } = this.#parts.core;
    const server = createHttp2Server(options, {
      settings: { maxConcurrentStreams: MAX_STREAMS, maxHeaderListSize: options.limits.maxHeaderBytes },
      maxSessionMemory: MAX_SESSION_MEGABYTES,
      maxSessionInvalidFrames: MAX_INVALID_FRAMES,
      unknownProtocolTimeout: options.limits.headerTimeoutMs,
    });
    this.#servers.push(server);
    server.maxConnections = options.limits.maxConnections + OTHER_CONNECTIONS;
    server.on('drop', () => streams.counts.refused++);
    this.#watchSessions(server);
    server.on('stream', (stream, headers, _flags, rawHeaders) => this.#take(stream, headers, rawHeaders));
    const bound = await bind(server, address);
    // Stopped while it was being bound: `stop` could not close it then.
    if (this.#isStopped) server.close();
    return bound;
  }

  /** Node makes the session in the turn in which it has the socket: so what is noted of the one is of the other. */
  #watchSessions(server: Http2Server | Http2SecureServer): void {
    const { core } = this.#parts;
    const last: { socket: Socket | null; acceptedMs: number } = { socket: null, acceptedMs: 0 };
    const accepted = (socket: Socket, acceptedMs: number): void => {
      Object.assign(last, { socket, acceptedMs });
      this.#silent.add(socket);
      this.#sockets.add(socket);
      socket.on('close', () => {
        this.#silent.delete(socket);
        this.#sockets.delete(socket);
      });
    };
    if ('addContext' in server) {
      const { unauthenticated: refusals, options } = core;
      const timeoutMs = options.limits.headerTimeoutMs;
      this.#pending.push(new PendingHandshakes({ server, timeoutMs, refusals, secured: accepted }));
    } else server.prependListener('connection', (socket: Socket) => accepted(socket, performance.now()));
    server.on('session', (session) => {
      const { socket, acceptedMs } = last;
      core.handshakes.acceptedAt(session, acceptedMs);
      session.on('error', () => core.streams.counts.errors++);
      session.once('remoteSettings', () => {
        if (socket !== null) this.#silent.delete(socket);
      });
    });
  }

  #take(stream: ServerHttp2Stream, headers: IncomingHttpHeaders, rawHeaders: readonly string[]): void {
    // A reset by the client is no error of ours; `close` follows.
    stream.on('error', () => {});
    const { gate } = this.#parts.core;
    // A browser asks without credentials whether it may come with them (Fetch standard, section 4.8).
    if (gate === null || headers[':method'] === 'OPTIONS') {
      this.#serve(stream, headers, rawHeaders, null);
      return;
    }
    gate.admit(peerOf(stream.session?.socket ?? null), headers).then((admission) => {
      if (stream.destroyed || stream.closed) return;
      if (admission.state === 'admitted') this.#serve(stream, headers, rawHeaders, admission.identity);
      else {
        const { status, text, headers: challenge } = unauthorized(admission);
        answer(stream, status, text, challenge);
      }
    });
  }

  #serve(
    stream: ServerHttp2Stream,
    headers: IncomingHttpHeaders,
    rawHeaders: readonly string[],
    identity: Identity | null,
  ): void {
    const path = pathOf(headers[':path'] ?? '/');
    const method = headers[':method'];
    const cors = this.#parts.core.cors.headers(headers.origin);
    if (path === EVENTS_PATH && method === 'GET') this.#open(stream, headers, cors, identity);
    else if (path === PUBLISH_PATH && method === 'POST') this.#publish(stream, headers, rawHeaders, cors);
    else if (path === EVENTS_PATH || path === PUBLISH_PATH) {
      const allow = ['Allow', path === EVENTS_PATH ? 'GET' : 'POST'];
      const preflight = this.#parts.core.cors.preflightHeaders(headers.origin);
      if (method === 'OPTIONS') stream.respond(fieldsOf(204, [...allow, ...preflight]), { endStream: true });
      else answer(stream, 405, `use ${allow[1]}`, [...allow, ...cors]);
    } else answer(stream, 404, `nothing at ${path}; there is ${EVENTS_PATH}, ${PUBLISH_PATH}`, cors);
  }

  #open(
    stream: ServerHttp2Stream,
    headers: IncomingHttpHeaders,
    cors: readonly string[],
    identity: Identity | null,
  ): void {
    const { core, eventStreams } = this.#parts;
    const asked = parseSubscription(headers[':path'] ?? '', headers['last-event-id']?.toString());
    if (asked.state === 'invalid') answer(stream, 400, asked.fault, cors);
    else if (eventStreams.isFull()) answer(stream, 503, FULL, [...eventStreams.refuse(), ...cors]);
    else {
      stream.respond(fieldsOf(200, [...STREAM_HEADERS, ...cors]));
      stream.write(eventStreams.preamble);
      if (stream.session !== undefined) core.handshakes.answered(stream.session);
      eventStreams.join(stream, asked, identity);
    }
  }

  #publish(
    stream: ServerHttp2Stream,
    headers: IncomingHttpHeaders,
    rawHeaders: readonly string[],
    cors: readonly string[],
  ): void {
    const { origin } = headers;
    const host = headers[':authority'];
    if (!this.#parts.core.cors.mayPublish({ headers: { origin, host } })) {
      answer(stream, 403, `origin ${origin} may not publish here`, cors);
      return;
    }
    // A body that trickles in holds what has come of it; Node bounds that time for HTTP/1.1 only.
    const timeoutMs = requestTimeoutMs(this.#parts.core.options.limits);
    const timer = setTimeout(() => stream.close(constants.NGHTTP2_CANCEL), timeoutMs).unref();
    stream.once('close', () => clearTimeout(timer));
    const request = new Http2ServerRequest(stream, headers, {}, rawHeaders);
    this.#ingest.handle(request, new Http2ServerResponse(stream), cors);
  }
}

function closeServer(server: Http2Server | Http2SecureServer): Promise<void> {
  return new Promise((resolve) => server.close(() => resolve()));
}

/** @param headers flat name, value list */
function fieldsOf(status: number, headers: readonly string[]): Record<string, string | number> {
  const fields: Record<string, string | number> = { [constants.HTTP2_HEADER_STATUS]: status };
  for (let i = 0; i < headers.length; i += 2) fields[headers[i].toLowerCase()] = headers[i + 1];
  return fields;
}

/** Answers with a text, whatever the client still wants to say. */
function answer(stream: ServerHttp2Stream, status: number, text: string, headers: readonly string[]): void {
  stream.respond(fieldsOf(status, ['Content-Type', 'text/plain; charset=utf-8', ...headers]));
  stream.end(`${text}\n`);
  stream.resume();
}
