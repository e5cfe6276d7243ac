import type { IncomingMessage } from 'node:http';
import { connect, type TLSSocket } from 'node:tls';
import WebSocket from 'ws';
import { nowUs } from '../../contract/clock.ts';
import { SAYING_PREFIX } from '../../contract/ingest.ts';
import type {
  CloseDetail,
  ConnectTarget,
  DriverCounters,
  DriverEvents,
  DriverOptions,
  LoadDriver,
  Saying,
} from '../../contract/loadDriver.ts';
import type { ClientSecurity } from '../../contract/security.ts';
import { type Attempt, Attempts } from './attempts.ts';
import {
  CLOSED_BY_CLIENT,
  CLOSED_BY_SERVER,
  codeOf,
  protocolDetail,
  socketErrorDetail,
  statusDetail,
} from './closeReason.ts';
import { LastIds } from './lastIds.ts';
import { authorityOf } from './requestHead.ts';
import { retryAfterMs } from './retryAfter.ts';
import { tlsOptions } from './tlsOptions.ts';
import { CLOSE_CODE, CLOSED_WITHOUT_FRAME, closeDetail } from './ws/closeCode.ts';
import { MAX_MESSAGE_BYTES } from './ws/frameHeader.ts';
import { binaryId, findTextId, idSpan, messageKind } from './ws/messageKind.ts';
import { subprotocols } from './ws/upgrade.ts';

/** Time for the server to end the TCP connection after the closing handshake, milliseconds. */
const CLOSE_TIMEOUT_MS = 5_000;

/** What the package says where a close frame had no code, and where none came (RFC 6455, section 7.4.1). */
const NO_CODE = 1005;
const NO_FRAME = 1006;

/** The types of the package do not know these two yet. */
type ClientOptions = WebSocket.ClientOptions & {
  closeTimeout: number;
  createConnection?: () => TLSSocket;
};

interface WsAttempt extends Attempt {
  readonly socket: WebSocket;
  /** Why it ends, where that is known before the package says that it has. */
  ending: CloseDetail | null;
  /** What the live connection broke with. */
  failure: CloseDetail | null;
}

/**
 * WebSocket by the `ws` package, as its users in Node have it. Without compression, as the lean driver: a server that
 * agreed to it would do other work for the probes. The package hides bytes.
 */
export class WsClientDriver implements LoadDriver {
  readonly kind = 'ecosystem';
  readonly #options: DriverOptions;
  readonly #events: DriverEvents;
  readonly #attempts: Attempts<WsAttempt>;
  readonly #lastIds: LastIds;

  constructor(options: DriverOptions) {
    this.#options = options;
    this.#events = options.events;
    this.#attempts = new Attempts(options);
    this.#lastIds = new LastIds(options.slots);
  }

  /** @throws BenchError where the slot is in use or the driver was stopped; UsageError where the target is malformed. */
  open(slot: number): void {
    const target = this.#attempts.admit(slot);
    const lastId = this.#lastIds.get(slot);
    const resume: Record<string, string> = lastId === null ? {} : { 'last-event-id': lastId };
    const { security } = this.#options;
    const how: ClientOptions = {
      ...(security === null ? {} : { createConnection: () => dialTls(security, target) }),
      headers: { ...resume, ...target.headers },
      perMessageDeflate: false,
      maxPayload: MAX_MESSAGE_BYTES,
      closeTimeout: CLOSE_TIMEOUT_MS,
    };
    const scheme = security === null ? 'ws' : 'wss';
    const url = `${scheme}://${authorityOf(target)}${target.path}`;
    const socket = new WebSocket(url, subprotocols(target.headers), how);
    const attempt: WsAttempt = {
      slot,
      socket,
      timer: this.#attempts.deadline((detail) => this.#end(attempt, detail)),
      ending: null,
      failure: null,
    };
    this.#attempts.add(attempt);
    this.#listen(attempt);
  }

  close(slot: number): void {
    const attempt = this.#attempts.get(slot);
    if (attempt === undefined || attempt.ending !== null) return;
    if (attempt.socket.readyState === WebSocket.OPEN) attempt.socket.close(CLOSE_CODE.normal);
    this.#end(attempt, CLOSED_BY_CLIENT);
  }

  say(slot: number, saying: Saying, bytes: Uint8Array, settled: (error: Error | null) => void): boolean {
    const attempt = this.#attempts.get(slot);
    if (attempt === undefined || attempt.ending !== null) return false;
    if (attempt.socket.readyState !== WebSocket.OPEN) return false;
    const message = Buffer.concat([Buffer.from(SAYING_PREFIX[saying]), bytes]);
    attempt.socket.send(message, { binary: false }, (error) => settled(error ?? null));
    return true;
  }

  counters(): DriverCounters {
    return this.#attempts.counters();
  }

  stop(): Promise<void> {
    return this.#attempts.stop((slot) => this.close(slot));
  }

  #listen(attempt: WsAttempt): void {
    const { socket } = attempt;
    socket.on('upgrade', (answer) => this.#watchConnection(attempt, answer));
    socket.on('open', () => this.#opened(attempt, nowUs()));
    socket.on('message', (data, isBinary) => this.#message(attempt, data, isBinary, nowUs()));
    socket.on('ping', () => {
      this.#attempts.heartbeats++;
    });
    socket.on('unexpected-response', (_request, answer) => this.#refused(attempt, answer));
    socket.on('error', (error) => this.#end(attempt, errorDetail(error)));
    socket.on('close', (code, reason) => this.#closed(attempt, code, reason));
  }

  /** The package keeps errors of a live connection to itself: a reset would read like an end. */
  #watchConnection(attempt: WsAttempt, answer: IncomingMessage): void {
    answer.socket.once('error', (error) => {
      attempt.failure = socketErrorDetail(error);
    });
  }

  #opened(attempt: WsAttempt, atUs: number): void {
    this.#attempts.disarm(attempt);
    if (attempt.ending === null) this.#events.opened(attempt.slot, atUs);
  }

  #message(attempt: WsAttempt, data: WebSocket.RawData, isBinary: boolean, atUs: number): void {
    // The package's own default: one Buffer, the fragments put together.
    if (attempt.ending !== null || !Buffer.isBuffer(data)) return;
    const kind = messageKind(data, 0, data.length);
    if (kind === 'gap') this.#events.gap(attempt.slot);
    else if (kind === 'heartbeat') this.#attempts.heartbeats++;
    else {
      this.#keepId(attempt.slot, data, isBinary);
      this.#events.message(attempt.slot, data, 0, data.length, atUs);
    }
  }

  #keepId(slot: number, data: Buffer, isBinary: boolean): void {
    if (!isBinary) {
      if (findTextId(data, 0, data.length)) this.#lastIds.take(slot, data, idSpan.start, idSpan.end);
      return;
    }
    const id = binaryId(data, 0, data.length);
    if (id >= 0) this.#lastIds.takeNumber(slot, id);
  }

  #refused(attempt: WsAttempt, answer: IncomingMessage): void {
    const delayMs = retryAfterMs(answer.headers['retry-after']);
    if (delayMs !== null && attempt.ending === null) this.#events.retryAfter(attempt.slot, delayMs);
    this.#end(attempt, statusDetail(answer.statusCode ?? 0, answer.headers.location ?? null));
  }

  /** The first reason counts; `closed` follows when the package is done with the socket. */
  #end(attempt: WsAttempt, detail: CloseDetail): void {
    if (attempt.ending !== null) return;
    attempt.ending = detail;
    attempt.socket.terminate();
  }

  #closed(attempt: WsAttempt, code: number, reason: Buffer): void {
    this.#attempts.closed(attempt, attempt.ending ?? endDetail(code, reason, attempt.failure));
  }
}

function dialTls(security: ClientSecurity, { host, port }: ConnectTarget): TLSSocket {
  return connect({ ...tlsOptions(security, host), host, port });
}

function endDetail(code: number, reason: Buffer, failure: CloseDetail | null): CloseDetail {
  if (code === NO_FRAME) return failure ?? CLOSED_WITHOUT_FRAME;
  return closeDetail(code === NO_CODE ? null : code, reason.toString());
}

/** What an error of the package means. Node's own word for an end before the answer is a reset with the text "socket hang up". */
function errorDetail(error: Error): CloseDetail {
  const code = codeOf(error);
  if (error.message === 'socket hang up') return CLOSED_BY_SERVER;
  // No code: what the package itself finds wrong with the answer. HPE_: what Node's HTTP parser does.
  if (code === '' || code.startsWith('WS_ERR_') || code.startsWith('HPE_'))
    return protocolDetail(error.message);
  return socketErrorDetail(error);
}
