import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { NodeCore } from '../node/core.ts';

/**
 * The connections that polled at least once. A poller counts as connected while its socket is open: publishers and
 * scrapes are none, and one that closes after each answer is one only while it asks.
 */
export class Pollers {
  readonly #core: NodeCore;
  readonly #sockets = new Set<Socket>();
  readonly #onClose: (this: Socket) => void;

  constructor(core: NodeCore) {
    this.#core = core;
    const closed = (socket: Socket): void => this.#closed(socket);
    this.#onClose = function onClose(this: Socket): void {
      closed(this);
    };
  }

  /** Takes the sender of a poll in. @returns false where there are too many. */
  admit(socket: Socket): boolean {
    if (this.#sockets.has(socket)) return true;
    const { counts } = this.#core.streams;
    if (this.#core.isFull()) {
      counts.refused++;
      return false;
    }
    this.#sockets.add(socket);
    counts.accepted++;
    socket.once('close', this.#onClose);
    return true;
  }

  /** The first answer of a connection ends its handshake. */
  answered(response: ServerResponse): void {
    this.#core.handshakes.answered(response.socket);
  }

  #closed(socket: Socket): void {
    if (this.#sockets.delete(socket)) this.#core.streams.counts.closed++;
  }
}
