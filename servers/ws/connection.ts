import type { Duplex } from 'node:stream';
import { WebSocket } from 'ws';
import type { Stream } from '../node/streams.ts';

/** What a connection belongs to; one object for all connections of a node. */
export interface ConnectionOwner {
  /** No message may follow any more: a close frame is about to be sent. */
  closing(connection: Connection): void;
  closed(connection: Connection): void;
  /** The client broke the protocol, or the network failed. */
  failed(): void;
  /** A message, a ping or an unasked pong came. @returns false where it is not worth reading. */
  mayReceive(connection: Connection): boolean;
}

/**
 * A WebSocket that is a subscriber at once: one object for both, and no closure, since 100,000 of them are held.
 * Frames made elsewhere are written to `sink` directly. That mixes with the frames of `ws` itself (pongs, closes)
 * because it writes each of them whole and in the same turn where nothing is compressed.
 */
export class Connection extends WebSocket implements Stream {
  declare sink: Duplex;
  topic = '';
  timer = null;
  isOpen = true;
  /** Number of this connection at its node, from 1. */
  serial = 0;
  /** Round of pings whose answer is awaited; 0: none is. */
  awaitedRound = 0;
  /** Messages, pings and unasked pongs from the client since the last round of pings. */
  received = 0;
  declare owner: ConnectionOwner;

  /** Every close goes through here: ours, and the answer to the client's. */
  override close(code?: number, reason?: string | Buffer): void {
    this.owner.closing(this);
    super.close(code, reason);
  }
}

/** Functions that all connections share: they know theirs by `this`. */
export function listenTo(connection: Connection): void {
  connection.on('message', onMessage);
  connection.on('ping', onPing);
  connection.on('pong', onPong);
  connection.on('error', onError);
  connection.on('close', onClose);
}

/** The stream goes one way: what a client says is counted, and no more. */
function onMessage(this: WebSocket): void {
  if (this instanceof Connection) this.owner.mayReceive(this);
}

function onPing(this: WebSocket, data: Buffer): void {
  if (this instanceof Connection && this.owner.mayReceive(this)) this.pong(data);
}

function onPong(this: WebSocket): void {
  if (!(this instanceof Connection)) return;
  // One that nobody asked for is allowed, and counted as any message (RFC 6455, section 5.5.3).
  if (this.awaitedRound === 0) this.owner.mayReceive(this);
  this.awaitedRound = 0;
}

function onError(this: WebSocket): void {
  if (this instanceof Connection) this.owner.failed();
}

function onClose(this: WebSocket): void {
  if (this instanceof Connection) this.owner.closed(this);
}
