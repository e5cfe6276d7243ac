import { createServer, type Server, type Socket } from 'node:net';
import { createServer as createSecureServer } from 'node:tls';
import type { ConnectionInjector } from '@grpc/grpc-js';
import type { Endpoint } from '../../contract/pushServer.ts';
import type { ServerSecurity } from '../../contract/security.ts';
import { OTHER_CONNECTIONS } from '../http/limits.ts';
import { bind } from '../http/listeners.ts';
import type { NodeCore } from '../node/core.ts';
import { SilentSockets } from '../node/silentSockets.ts';
import { PendingHandshakes } from '../security/pendingHandshakes.ts';
import { tlsServerOptions } from '../security/tlsServerOptions.ts';
import type { ConnectionEnds } from './admission.ts';
import type { RefusedCalls } from './refusedCalls.ts';
import type { Subscriber } from './subscriber.ts';

export interface ListenersParts {
  readonly core: NodeCore<Subscriber>;
  readonly injector: ConnectionInjector;
  readonly refused: RefusedCalls;
}

/**
 * Where gRPC comes in. The sockets are ours and are given to @grpc/grpc-js once they are open: so TLS 1.3 can be
 * insisted on, which its own credentials have no option for, and limits, backlog and time-outs are those of every stage.
 */
export class Listeners {
  readonly #parts: ListenersParts;
  readonly #servers: Server[] = [];
  readonly #pending: PendingHandshakes[] = [];
  readonly #silent: SilentSockets;
  /** By both ends: what a call tells of its connection. */
  readonly #sockets = new Map<string, Socket>();
  #isClosed = false;

  constructor(parts: ListenersParts) {
    this.#parts = parts;
    const refuse = (socket: Socket): void => {
      parts.refused.add('silent');
      socket.destroy();
    };
    const timeoutMs = parts.core.options.limits.headerTimeoutMs;
    this.#silent = new SilentSockets(timeoutMs, refuse, ({ bytesRead }) => bytesRead === 0);
  }

  /** @throws BenchError where an address cannot be bound; those already bound are closed by `close`. */
  async listen(addresses: readonly Endpoint[]): Promise<Endpoint[]> {
    if (!this.#isClosed) this.#silent.start();
    const endpoints: Endpoint[] = [];
    for (const address of addresses) endpoints.push(await this.#listenOn(address));
    return endpoints;
  }

  socketOf(ends: ConnectionEnds): Socket | null {
    return this.#sockets.get(keyOf(ends)) ?? null;
  }

  /** No new connection comes any more; resolves when none is left. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#silent.stop();
    await Promise.all(this.#servers.filter(({ listening }) => listening).map(closed));
  }

  destroyAll(): void {
    for (const pending of this.#pending) pending.destroyAll();
    for (const socket of this.#sockets.values()) socket.destroy();
  }

  async #listenOn(address: Endpoint): Promise<Endpoint> {
    const { core } = this.#parts;
    const { security, limits } = core.options;
    const server = security === null ? this.#plainServer() : this.#secureServer(security);
    this.#servers.push(server);
    server.maxConnections = limits.maxConnections + OTHER_CONNECTIONS;
    server.on('drop', () => core.streams.counts.refused++);
    const bound = await bind(server, address);
    // Stopped while it was being bound: `close` could not close it then.
    if (this.#isClosed) server.close();
    return bound;
  }

  #plainServer(): Server {
    return createServer({ noDelay: true }, (socket) => {
      this.#parts.core.handshakes.accepted(socket);
      this.#take(socket);
    });
  }

  #secureServer(security: ServerSecurity): Server {
    const { handshakes, unauthenticated, options } = this.#parts.core;
    const timeoutMs = options.limits.headerTimeoutMs;
    const server = createSecureServer({
      ...tlsServerOptions(security, timeoutMs),
      noDelay: true,
      ALPNProtocols: ['h2'],
    });
    const pending = new PendingHandshakes({
      server,
      timeoutMs,
      refusals: unauthenticated,
      secured: (socket, acceptedMs) => {
        handshakes.acceptedAt(socket, acceptedMs);
        this.#take(socket);
      },
    });
    this.#pending.push(pending);
    return server;
  }

  #take(socket: Socket): void {
    // Its handshake was under way when the node began to go: served now, it would be cut in the middle of a call. Or it
    // is gone already, and has no address left that its calls could be told from those of others by.
    if (this.#isClosed || socket.remoteAddress === undefined) {
      socket.destroy();
      return;
    }
    const { injector, refused } = this.#parts;
    const key = keyOf(socket);
    this.#sockets.set(key, socket);
    this.#silent.add(socket);
    // A reset is no error of ours; what is no HTTP/2 is counted.
    socket.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code?.startsWith('ERR_HTTP2') === true) refused.add('noHttp2');
    });
    socket.on('close', () => {
      this.#silent.delete(socket);
      // The same ends may have met again before this one was told.
      if (this.#sockets.get(key) === socket) this.#sockets.delete(key);
    });
    // Unread: of bytes that are given back to it HTTP/2 takes all frames in one turn, and @grpc/grpc-js throws at a call that
    // was reset in the turn in which it came.
    injector.injectConnection(socket);
  }
}

function closed(server: Server): Promise<void> {
  return new Promise((resolve) => server.close(() => resolve()));
}

function keyOf({ remoteAddress, remotePort, localAddress, localPort }: ConnectionEnds): string {
  return `${remoteAddress}:${remotePort}>${localAddress}:${localPort}`;
}
