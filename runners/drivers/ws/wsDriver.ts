import { SAYING_PREFIX } from '../../../contract/ingest.ts';
import type {
  CloseDetail,
  DriverCounters,
  DriverEvents,
  DriverOptions,
  LoadDriver,
  Saying,
} from '../../../contract/loadDriver.ts';
import type { TlsParameters } from '../../../contract/security.ts';
import {
  CLOSED_BY_CLIENT,
  CLOSED_BY_SERVER,
  protocolDetail,
  socketErrorDetail,
  statusDetail,
  timeoutDetail,
} from '../closeReason.ts';
import { ConnectDeadlines } from '../connectDeadlines.ts';
import { LastIds } from '../lastIds.ts';
import { checkTarget, requestText } from '../requestHead.ts';
import { type ArrivedHead, ResponseHeads } from '../responseHeads.ts';
import { retryAfterMs } from '../retryAfter.ts';
import { slotMisuse } from '../slotMisuse.ts';
import { createTransport, type Transport, type TransportHandler } from '../transport.ts';
import { closePayload, controlFrame, dataFrame } from './clientFrame.ts';
import { CLOSE_CODE, CLOSED_WITHOUT_FRAME, closeDetail, readClose } from './closeCode.ts';
import { type FrameFault, OPCODE } from './frameHeader.ts';
import { FrameParser, type FrameSink } from './frameParser.ts';
import { binaryId, findTextId, idSpan, messageKind } from './messageKind.ts';
import { Upgrade } from './upgrade.ts';

const IDLE = 0;
/** From `open` to the end of the answer's head. */
const CONNECTING = 1;
const LIVE = 2;
/** Ended from this side; the socket has not closed yet. */
const CLOSING = 3;

/** Pongs that a server has not read yet, in bytes; beyond them its pings go unanswered (RFC 6455, section 5.5.3). */
const MAX_UNSENT_BYTES = 16_384;
/** A server that does not read never takes the close frame: after this the connection is cut. */
const CLOSE_LIMIT_MS = 2_000;

/** Lean WebSocket driver: protocol state in typed arrays by slot over one transport, so that a connection costs hardly more than its socket. */
export class WsDriver implements LoadDriver, TransportHandler, FrameSink {
  readonly kind = 'lean';
  readonly #options: DriverOptions;
  readonly #events: DriverEvents;
  readonly #phase: Uint8Array;
  /** Why a slot is CLOSING. */
  readonly #endings = new Map<number, CloseDetail>();
  readonly #heads = new ResponseHeads();
  readonly #upgrade = new Upgrade();
  readonly #transport: Transport;
  readonly #parser: FrameParser;
  readonly #lastIds: LastIds;
  readonly #deadlines: ConnectDeadlines;
  readonly #closeDeadlines: ConnectDeadlines;
  #protocolErrors = 0;
  #heartbeats = 0;
  #stopped = false;

  constructor(options: DriverOptions, closeLimitMs = CLOSE_LIMIT_MS) {
    const { slots } = options;
    this.#options = options;
    this.#events = options.events;
    this.#phase = new Uint8Array(slots);
    this.#transport = createTransport(slots, options.security, this);
    this.#parser = new FrameParser(slots, this);
    this.#lastIds = new LastIds(slots);
    this.#deadlines = new ConnectDeadlines(slots, options.connectTimeoutMs, (slot) =>
      this.#end(slot, timeoutDetail(options.connectTimeoutMs)),
    );
    this.#closeDeadlines = new ConnectDeadlines(slots, closeLimitMs, (slot) => this.#transport.destroy(slot));
  }

  /** @throws BenchError where the slot is in use or the driver was stopped; UsageError where the target is malformed. */
  open(slot: number): void {
    if (this.#stopped || this.#phase[slot] !== IDLE) throw slotMisuse(slot, this.#stopped);
    const target = this.#options.target(slot);
    checkTarget(target);
    this.#phase[slot] = CONNECTING;
    this.#deadlines.start(slot);
    this.#transport.connect(slot, target.host, target.port);
  }

  close(slot: number): void {
    if (this.#phase[slot] === LIVE) this.#endWithClose(slot, CLOSE_CODE.normal, CLOSED_BY_CLIENT);
    else this.#end(slot, CLOSED_BY_CLIENT);
  }

  say(slot: number, saying: Saying, bytes: Uint8Array, settled: (error: Error | null) => void): boolean {
    if (this.#phase[slot] !== LIVE) return false;
    this.#transport.write(slot, dataFrame(OPCODE.text, SAYING_PREFIX[saying], bytes));
    settled(null);
    return true;
  }

  counters(): DriverCounters {
    return {
      bytesRead: this.#transport.bytesRead,
      bytesWritten: this.#transport.bytesWritten,
      protocolErrors: this.#protocolErrors,
      heartbeats: this.#heartbeats,
    };
  }

  throttle(slot: number, bytesPerSecond: number | null): void {
    this.#transport.throttle(slot, bytesPerSecond);
  }

  tls(): TlsParameters | null {
    return this.#transport.tls;
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    for (let slot = 0; slot < this.#phase.length; slot++) this.close(slot);
    await this.#transport.destroyAll();
  }

  connected(slot: number): void {
    if (this.#phase[slot] !== CONNECTING) return;
    const own = this.#upgrade.headers(this.#lastIds.get(slot));
    this.#transport.write(slot, requestText(this.#options.target(slot), own));
  }

  onBytes(slot: number, buffer: Uint8Array, length: number, receivedUs: number): void {
    if (this.#phase[slot] === LIVE) this.#parser.parse(slot, buffer, 0, length, receivedUs);
    else if (this.#phase[slot] === CONNECTING) this.#headBytes(slot, buffer, length, receivedUs);
  }

  ended(slot: number, error: Error | null): void {
    const detail = this.#endings.get(slot) ?? this.#endOfConnection(slot, error);
    this.#endings.delete(slot);
    this.#heads.forget(slot);
    this.#deadlines.end(slot);
    this.#closeDeadlines.end(slot);
    this.#parser.reset(slot);
    this.#phase[slot] = IDLE;
    this.#events.closed(slot, detail);
  }

  frameMessage(
    slot: number,
    opcode: number,
    bytes: Uint8Array,
    start: number,
    end: number,
    receivedUs: number,
  ): void {
    const kind = messageKind(bytes, start, end);
    if (kind === 'gap') this.#events.gap(slot);
    else if (kind === 'heartbeat') this.#heartbeats++;
    else {
      this.#keepId(slot, opcode, bytes, start, end);
      this.#events.message(slot, bytes, start, end, receivedUs);
    }
  }

  control(slot: number, opcode: number, bytes: Uint8Array, start: number, end: number): void {
    if (opcode === OPCODE.ping) {
      this.#heartbeats++;
      if (this.#transport.unsentBytes(slot) > MAX_UNSENT_BYTES) return;
      this.#transport.write(slot, controlFrame(OPCODE.pong, bytes.subarray(start, end)));
    } else if (opcode === OPCODE.close) {
      const close = readClose(bytes, start, end);
      if (typeof close === 'number') this.fault(slot, { code: close, what: 'a damaged close frame' });
      else this.#endWithClose(slot, close.code, closeDetail(close.code, close.reason));
    }
  }

  fault(slot: number, { code, what }: FrameFault): void {
    if (this.#phase[slot] === CLOSING) return;
    this.#protocolErrors++;
    this.#endWithClose(slot, code, protocolDetail(what));
  }

  isLive(slot: number): boolean {
    return this.#phase[slot] === LIVE;
  }

  #endOfConnection(slot: number, error: Error | null): CloseDetail {
    if (error !== null) return socketErrorDetail(error);
    return this.#phase[slot] === LIVE ? CLOSED_WITHOUT_FRAME : CLOSED_BY_SERVER;
  }

  #headBytes(slot: number, buffer: Uint8Array, length: number, receivedUs: number): void {
    const taken = this.#heads.take(slot, buffer.subarray(0, length));
    if (typeof taken === 'string') this.#damagedHead(slot, taken);
    else if (taken !== null) this.#answered(slot, taken, receivedUs);
  }

  #answered(slot: number, { head, bytes, bodyAt }: ArrivedHead, receivedUs: number): void {
    if (head.status !== 101) {
      const delayMs = retryAfterMs(head.fields.get('retry-after'));
      if (delayMs !== null) this.#events.retryAfter(slot, delayMs);
      this.#end(slot, statusDetail(head.status, head.location));
      return;
    }
    const fault = this.#upgrade.fault(head, this.#options.target(slot).headers);
    if (fault !== null) {
      this.#damagedHead(slot, fault);
      return;
    }
    this.#deadlines.end(slot);
    this.#phase[slot] = LIVE;
    this.#events.opened(slot, receivedUs);
    this.#parser.parse(slot, bytes, bodyAt, bytes.length, receivedUs);
  }

  #keepId(slot: number, opcode: number, bytes: Uint8Array, start: number, end: number): void {
    if (opcode === OPCODE.text) {
      if (findTextId(bytes, start, end)) this.#lastIds.take(slot, bytes, idSpan.start, idSpan.end);
      return;
    }
    const id = binaryId(bytes, start, end);
    if (id >= 0) this.#lastIds.takeNumber(slot, id);
  }

  #damagedHead(slot: number, what: string): void {
    this.#protocolErrors++;
    this.#end(slot, protocolDetail(what));
  }

  /** Ends a live connection with a close frame; an empty one where `code` is null. */
  #endWithClose(slot: number, code: number | null, detail: CloseDetail): void {
    this.#begin(slot, detail);
    this.#closeDeadlines.start(slot);
    this.#transport.end(slot, controlFrame(OPCODE.close, closePayload(code)));
  }

  /** Ends the slot's attempt from this side. The first reason counts. */
  #end(slot: number, detail: CloseDetail): void {
    if (this.#phase[slot] === IDLE || this.#phase[slot] === CLOSING) return;
    this.#begin(slot, detail);
    this.#transport.destroy(slot);
  }

  #begin(slot: number, detail: CloseDetail): void {
    this.#phase[slot] = CLOSING;
    this.#endings.set(slot, detail);
    this.#deadlines.end(slot);
  }
}
