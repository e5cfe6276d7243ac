import type { Socket } from 'node:net';
import { performance } from 'node:perf_hooks';

/** Time-outs are checked this often, milliseconds. */
const CHECK_EVERY_MS = 1_000;

/** Connections that have sent nothing yet, and the time-out that holds for them while no protocol owns them. */
export class SilentSockets {
  /** Accepted at, milliseconds; in the order of acceptance, so that a check ends at the first young one. */
  readonly #acceptedMs = new Map<Socket, number>();
  readonly #timeoutMs: number;
  readonly #refuse: (socket: Socket) => void;
  #timer: NodeJS.Timeout | null = null;

  /** @param refuse ends one that said nothing for `timeoutMs` */
  constructor(timeoutMs: number, refuse: (socket: Socket) => void) {
    this.#timeoutMs = timeoutMs;
    this.#refuse = refuse;
  }

  start(): void {
    this.#timer = setInterval(() => this.#refuseOld(), CHECK_EVERY_MS);
  }

  /** Ends those that are left. */
  stop(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
    for (const socket of this.#acceptedMs.keys()) socket.destroy();
    this.#acceptedMs.clear();
  }

  add(socket: Socket): void {
    this.#acceptedMs.set(socket, performance.now());
  }

  delete(socket: Socket): void {
    this.#acceptedMs.delete(socket);
  }

  #refuseOld(): void {
    const limitMs = performance.now() - this.#timeoutMs;
    for (const [socket, acceptedMs] of this.#acceptedMs) {
      if (acceptedMs > limitMs) return;
      this.#acceptedMs.delete(socket);
      this.#refuse(socket);
    }
  }
}
