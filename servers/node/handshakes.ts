import type { Socket } from 'node:net';
import { performance } from 'node:perf_hooks';

/** Times from the accepted connection to the head of its event stream. */
export class Handshakes {
  /** Weak, because most connections that never become a stream say so to nobody. */
  readonly #acceptedMs = new WeakMap<Socket, number>();
  readonly #observe: (seconds: number) => void;

  constructor(observe: (seconds: number) => void) {
    this.#observe = observe;
  }

  readonly accepted = (socket: Socket): void => {
    this.acceptedAt(socket, performance.now());
  };

  /** For a socket that stands for another one, as that of TLS does. `acceptedMs` is a time of `performance`. */
  acceptedAt(socket: Socket, acceptedMs: number): void {
    this.#acceptedMs.set(socket, acceptedMs);
  }

  answered(socket: Socket | null): void {
    const acceptedMs = socket === null ? undefined : this.#acceptedMs.get(socket);
    if (socket === null || acceptedMs === undefined) return;
    // Deleted, so that a live stream costs no entry.
    this.#acceptedMs.delete(socket);
    this.#observe((performance.now() - acceptedMs) / 1_000);
  }
}
