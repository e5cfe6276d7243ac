import { performance } from 'node:perf_hooks';

/** Times from the accepted connection to the head of its event stream. */
export class Handshakes {
  /** Weak, because most connections that never become a stream say so to nobody. */
  readonly #acceptedMs = new WeakMap<object, number>();
  readonly #observe: (seconds: number) => void;

  constructor(observe: (seconds: number) => void) {
    this.#observe = observe;
  }

  readonly accepted = (socket: object): void => {
    this.acceptedAt(socket, performance.now());
  };

  /** For what stands for an accepted socket, as that of TLS or a session of HTTP/2 does. `acceptedMs` is a time of `performance`. */
  acceptedAt(socket: object, acceptedMs: number): void {
    this.#acceptedMs.set(socket, acceptedMs);
  }

  answered(socket: object | null): void {
    const acceptedMs = socket === null ? undefined : this.#acceptedMs.get(socket);
    if (socket === null || acceptedMs === undefined) return;
    // Deleted, so that a live stream costs no entry.
    this.#acceptedMs.delete(socket);
    this.#observe((performance.now() - acceptedMs) / 1_000);
  }
}
