import type { Socket } from 'node:net';
import { performance } from 'node:perf_hooks';
import type { Server, TLSSocket } from 'node:tls';
import { handshakeFault } from './handshakeFault.ts';
import type { Refusals } from './refusals.ts';

interface Pending {
  readonly socket: Socket;
  readonly acceptedMs: number;
}

export interface PendingHandshakesParts {
  readonly server: Server;
  /** Longest time that a handshake may take, milliseconds. */
  readonly timeoutMs: number;
  /** Counts those that failed for want of a valid identity. */
  readonly refusals: Refusals;
  /** A handshake is through; `acceptedMs` is when its connection came, a time of `performance`. */
  readonly secured: (socket: TLSSocket, acceptedMs: number) => void;
}

/** Connections of one address whose TLS handshake is under way: HTTP does not know them yet. */
export class PendingHandshakes {
  readonly #parts: PendingHandshakesParts;
  /** By remote address, since Node gives no way from the socket of TLS to the one below; in the order of acceptance. */
  readonly #pending = new Map<string, Pending>();

  constructor(parts: PendingHandshakesParts) {
    const { server } = parts;
    this.#parts = parts;
    server.prependListener('connection', (socket: Socket) => this.#accepted(socket));
    server.prependListener('secureConnection', (socket) => this.#secured(socket));
    server.on('tlsClientError', (error, socket) => this.#failed(error, socket));
  }

  /** Ends those that are left. */
  destroyAll(): void {
    for (const { socket } of this.#pending.values()) socket.destroy();
    this.#pending.clear();
  }

  #accepted(socket: Socket): void {
    const acceptedMs = performance.now();
    this.#forgetUntil(acceptedMs - this.#parts.timeoutMs);
    this.#pending.set(addressOf(socket), { socket, acceptedMs });
  }

  /** Those which failed without an address to know them by. */
  #forgetUntil(limitMs: number): void {
    for (const [address, { acceptedMs }] of this.#pending) {
      if (acceptedMs > limitMs) return;
      this.#pending.delete(address);
    }
  }

  #secured(socket: TLSSocket): void {
    const address = addressOf(socket);
    const acceptedMs = this.#pending.get(address)?.acceptedMs ?? performance.now();
    this.#pending.delete(address);
    this.#parts.secured(socket, acceptedMs);
  }

  #failed(error: NodeJS.ErrnoException, socket: TLSSocket): void {
    this.#pending.delete(addressOf(socket));
    const fault = handshakeFault(error, socket);
    if (fault !== null) this.#parts.refusals.add(fault);
    socket.destroy();
  }
}

function addressOf({ remoteAddress, remotePort }: Socket): string {
  return `${remoteAddress} ${remotePort}`;
}
