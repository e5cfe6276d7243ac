import type { Duplex } from 'node:stream';
import { WebSocket } from 'ws';
import type { Refusal } from '../flow/refusal.ts';
import type { Stream } from '../node/streams.ts';

/** Status codes of a close (RFC 6455, section 7.4.1, and as registered at IANA). */
const POLICY_VIOLATION = 1008;
const TRY_AGAIN_LATER = 1013;

/** What a connection belongs to; one object for all connections of a node. */
export interface ConnectionOwner {
  /** No message may follow any more: a close frame is about to be sent. */
  closing(connection: Connection): void;
  closed(connection: Connection): void;
  /** The client broke the protocol, or the network failed. */
  failed(): void;
  /** A ping or an unasked pong came, or a message that says nothing. @returns false where it is not worth reading. */
  mayReceive(connection: Connection): boolean;
  /** A whole message came. */
  heard(connection: Connection, data: Buffer): void;
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
  handedMessages = 0;
  handedBytes = 0;
  isStalled = false;
  /** Number of this connection at its node, from 1. */
  serial = 0;
  /** Round of pings whose answer is awaited; 0: none is. */
  awaitedRound = 0;
  /** Pings, unasked pongs and messages that said nothing, from the client since the last round of pings. */
  received = 0;
  /** What the client said to its room since then. */
  said = 0;
  declare owner: ConnectionOwner;

  /** The client may come back, and resume by the last id it saw. */
  refuse({ retryAfterMs }: Refusal): void {
    this.close(TRY_AGAIN_LATER, `more waits for you than is allowed; try again in ${retryAfterMs} ms`);
  }

  expired(): void {
    this.close(POLICY_VIOLATION, 'the token has expired');
  }

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

function onMessage(this: WebSocket, data: WebSocket.RawData): void {
  // The package's own default: one Buffer, the fragments put together.
  if (this instanceof Connection && Buffer.isBuffer(data)) this.owner.heard(this, data);
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
