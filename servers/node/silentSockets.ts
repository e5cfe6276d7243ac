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
  readonly #isSilent: (socket: Socket) => boolean;
  #timer: NodeJS.Timeout | null = null;

  /**
   * @param refuse ends one that said nothing for `timeoutMs`
   * @param isSilent for connections that are not taken out when they say something: whether they still have not
   */
  constructor(timeoutMs: number, refuse: (socket: Socket) => void, isSilent = (_: Socket) => true) {
    this.#timeoutMs = timeoutMs;
    this.#refuse = refuse;
    this.#isSilent = isSilent;
  }

  start(): void {
    this.#timer = setInterval(() => this.#refuseOld(), CHECK_EVERY_MS);
  }

  /** Ends those that are left. */
  stop(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
    for (const socket of this.#acceptedMs.keys()) if (this.#isSilent(socket)) socket.destroy();
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
      if (this.#isSilent(socket)) this.#refuse(socket);
    }
  }
}
