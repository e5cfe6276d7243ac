import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import type { Identity } from '../../contract/security.ts';
import { refusalHeaders } from '../flow/refusal.ts';
import { refuse } from '../http/limits.ts';
import type { CatchUp } from '../node/catchUp.ts';
import type { NodeCore } from '../node/core.ts';
import type { Subscription } from '../node/subscription.ts';
import type { Gate } from '../security/gate.ts';
import { peerOf } from '../security/peerOf.ts';
import { unauthorized } from '../security/unauthorized.ts';
import { Connection, type ConnectionOwner, listenTo } from './connection.ts';
import { parseUpgradeRequest, type Refusal } from './upgradeRequest.ts';
import { readSaid, type Uplink } from './uplink.ts';

/** Largest message a client may send, bytes. */
const MAX_PAYLOAD_BYTES = 65_536;
/** Fragments of one message, and pieces in which it may arrive, that are kept until it is whole. */
const MAX_PIECES = 1_024;
/** Time for the client's half of the closing handshake, milliseconds. */
const CLOSE_TIMEOUT_MS = 1_000;
/** Pings, and messages that say nothing, that a client may send per second, on average between two rounds of pings. */
const RECEIVED_PER_SECOND = 10;
/** What a client may say to its room per second, on the same average: more than anybody types. */
const SAID_PER_SECOND = 50;

const WS_OPTIONS = {
  noServer: true,
  clientTracking: false,
  perMessageDeflate: false,
  // Ours answers, with no closure for each connection.
  autoPong: false,
  maxPayload: MAX_PAYLOAD_BYTES,
  maxFragments: MAX_PIECES,
  maxBufferedChunks: MAX_PIECES,
  closeTimeout: CLOSE_TIMEOUT_MS,
  // There is none: a client that insists on a subprotocol fails by itself.
  handleProtocols: (): false => false,
  WebSocket: Connection,
};

/** Status codes of a close (RFC 6455, section 7.4.1). */
const GOING_AWAY = 1001;
const POLICY_VIOLATION = 1008;
const TRY_AGAIN_LATER = 1013;

/** Who wants to know of connections, and what their answers say. */
export interface ConnectionHooks {
  /** Lines for the head of the 101 answer, as `Name: value`; `serial` is the number of the connection at its node. */
  answerHeaders?(serial: number): readonly string[];
  opened?(connection: Connection): void;
  /** @returns true where the connection has to wait for its messages: then `join` is called later. */
  delayJoin?(lastEventId: string | null, join: () => void): boolean;
  /** The socket is closed; of a node that stops the last are told when it has stopped. */
  closed?(connection: Connection): void;
}

export interface ConnectionsParts {
  readonly core: NodeCore<Connection>;
  readonly catchUp: CatchUp<Connection>;
  readonly hooks: ConnectionHooks;
  /** null: clients say nothing here that reaches anybody. */
  readonly uplink: Uplink | null;
}

/** An opening handshake that is to be answered. */
interface Handshake {
  readonly request: IncomingMessage;
  readonly socket: Duplex;
  readonly head: Buffer;
  /** null: everybody is served. */
  readonly identity: Identity | null;
}

/** A client that resets meanwhile is no error of ours. */
function ignore(): void {}

/** Opens connections: answers the handshake, watches what the client sends, and joins it to its topic. */
export class Connections implements ConnectionOwner {
  readonly #parts: ConnectionsParts;
  readonly #allowedOrigins: ReadonlySet<string>;
  readonly #maxReceived: number;
  readonly #maxSaid: number;
  /** Sockets that wait for the gate: HTTP has given them away, and they are no streams yet. */
  readonly #waiting = new Set<Duplex>();
  readonly #webSockets = new WebSocketServer<typeof Connection>(WS_OPTIONS);

  constructor(parts: ConnectionsParts) {
    const { allowedOrigins, pingMs } = parts.core.options;
    this.#parts = parts;
    this.#allowedOrigins = new Set(allowedOrigins);
    const seconds = Math.max(1, pingMs / 1_000);
    this.#maxReceived = RECEIVED_PER_SECOND * seconds;
    this.#maxSaid = SAID_PER_SECOND * seconds;
    const { hooks } = parts;
    if (hooks.answerHeaders !== undefined) {
      this.#webSockets.on('headers', (lines) =>
        lines.push(...(hooks.answerHeaders?.(this.#nextSerial) ?? [])),
      );
    }
  }

  /** For the `upgrade` event of an HTTP server. */
  readonly upgrade = (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
    const { gate } = this.#parts.core;
    if (gate === null) this.#answer({ request, socket, head, identity: null });
    else this.#admit(gate, { request, socket, head });
  };

  async #admit(gate: Gate, asking: Omit<Handshake, 'identity'>): Promise<void> {
    const { request, socket } = asking;
    socket.on('error', ignore);
    this.#waiting.add(socket);
    const admission = await gate.admit(peerOf(socket), request.headers);
    this.#waiting.delete(socket);
    socket.removeListener('error', ignore);
    if (socket.destroyed) return;
    if (admission.state === 'admitted') this.#answer({ ...asking, identity: admission.identity });
    else {
      const { statusLine, text, headers } = unauthorized(admission);
      this.#refuse(socket, { state: 'refused', status: statusLine, text, headers });
    }
  }

  #answer({ request, socket, head, identity }: Handshake): void {
    const { core } = this.#parts;
    const asked = parseUpgradeRequest(request, this.#allowedOrigins);
    if (asked.state === 'refused') this.#refuse(socket, asked);
    else if (core.isFull()) {
      core.streams.counts.refused++;
      const text = 'too many connections';
      const headers = refusalHeaders(core.refusalOfConnections());
      this.#refuse(socket, { state: 'refused', status: '503 Service Unavailable', text, headers });
    } else {
      this.#webSockets.handleUpgrade(request, socket, head, (connection) => {
        core.handshakes.answered(request.socket);
        this.#open(connection, socket, asked, identity);
      });
    }
  }

  /** Tells every client that the server goes away; those who do not answer are cut a second later. */
  closeAll(): void {
    for (const socket of this.#waiting) socket.destroy();
    const { streams } = this.#parts.core;
    for (const connection of [...streams.topics.all(), ...streams.catchingUp]) {
      connection.close(GOING_AWAY, 'the server stops');
    }
  }

  closing(connection: Connection): void {
    this.#parts.core.streams.free(connection);
  }

  closed(connection: Connection): void {
    this.#parts.core.streams.free(connection);
    this.#parts.hooks.closed?.(connection);
  }

  failed(): void {
    this.#parts.core.streams.counts.errors++;
  }

  /** @returns false where the client has sent more than it may, and is told so. */
  mayReceive(connection: Connection): boolean {
    if (!connection.isOpen) return false;
    if (++connection.received <= this.#maxReceived) return true;
    connection.close(POLICY_VIOLATION, `more than ${RECEIVED_PER_SECOND} messages per second`);
    return false;
  }

  heard(connection: Connection, message: Buffer): void {
    const { uplink } = this.#parts;
    const said = uplink === null ? null : readSaid(message);
    if (uplink === null || said === null) {
      this.mayReceive(connection);
      return;
    }
    if (!this.#maySay(connection, uplink)) return;
    const records = [{ topic: connection.topic, data: said.data }];
    if (said.kind === 'typing') uplink.relay(records);
    else uplink.accept(records);
  }

  /** There is no answer to a single message: a client that may say no more is told so by the end of its connection. */
  #maySay(connection: Connection, uplink: Uplink): boolean {
    if (!connection.isOpen) return false;
    if (++connection.said > this.#maxSaid) {
      connection.close(POLICY_VIOLATION, `more than ${SAID_PER_SECOND} messages per second`);
      return false;
    }
    if (!uplink.isFull()) return true;
    uplink.refused();
    connection.close(TRY_AGAIN_LATER, 'too much waits for slow readers');
    return false;
  }

  get #nextSerial(): number {
    return this.#parts.core.streams.counts.accepted + 1;
  }

  #open(
    connection: Connection,
    sink: Duplex,
    { topic, lastEventId }: Subscription,
    identity: Identity | null,
  ): void {
    const { core, catchUp, hooks } = this.#parts;
    connection.serial = this.#nextSerial;
    connection.owner = this;
    connection.sink = sink;
    connection.topic = topic;
    listenTo(connection);
    core.streams.open(connection);
    // Before it may be freed again, by a catch-up that fails.
    if (identity !== null) core.streams.expiries.closeAt(identity.expiresMs, connection);
    hooks.opened?.(connection);
    const join = (): void => {
      if (connection.isOpen) catchUp.join(connection, lastEventId);
    };
    if (hooks.delayJoin?.(lastEventId, join) === true) core.streams.catchingUp.add(connection);
    else join();
  }

  #refuse(socket: Duplex, { status, text, headers }: Refusal): void {
    socket.on('error', ignore);
    refuse(socket, status, text, headers);
  }
}
