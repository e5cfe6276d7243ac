import type { Socket } from 'node:net';
import { performance } from 'node:perf_hooks';
import { refuse } from '../http/limits.ts';

/** Time-outs are checked this often, milliseconds. */
const CHECK_EVERY_MS = 1_000;

/** Connections that have sent nothing yet, and the time-out that holds for them while HTTP does not own them. */
export class SilentSockets {
  /** Accepted at, milliseconds; in the order of acceptance, so that a check ends at the first young one. */
  readonly #acceptedMs = new Map<Socket, number>();
  readonly #timeoutMs: number;
  readonly #onRefused: () => void;
  #timer: NodeJS.Timeout | null = null;

  constructor(timeoutMs: number, onRefused: () => void) {
    this.#timeoutMs = timeoutMs;
    this.#onRefused = onRefused;
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
      this.#onRefused();
      refuse(socket, '408 Request Timeout');
    }
  }
}
