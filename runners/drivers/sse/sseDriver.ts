import type {
  CloseDetail,
  DriverCounters,
  DriverEvents,
  DriverOptions,
  LoadDriver,
  Saying,
} from '../../../contract/loadDriver.ts';
import type { TlsParameters } from '../../../contract/security.ts';
import { type BodySink, CHUNKED, ChunkedDecoder } from '../chunked.ts';
import {
  CLOSED_BY_CLIENT,
  CLOSED_BY_SERVER,
  contentTypeDetail,
  protocolDetail,
  socketErrorDetail,
  statusDetail,
  timeoutDetail,
} from '../closeReason.ts';
import { ConnectDeadlines } from '../connectDeadlines.ts';
import { isEventStream } from '../httpHead.ts';
import { LastIds } from '../lastIds.ts';
import { checkTarget, requestText } from '../requestHead.ts';
import { type ArrivedHead, ResponseHeads } from '../responseHeads.ts';
import { slotMisuse } from '../slotMisuse.ts';
import { createTransport, type Transport, type TransportHandler } from '../transport.ts';
import { type EventSink, EventStreamParser } from './eventStream.ts';
import { PostUplinks } from './postUplinks.ts';
import { requestHeaders } from './requestHeaders.ts';

const IDLE = 0;
/** From `open` to the end of the answer's head. */
const CONNECTING = 1;
const LIVE = 2;
/** Ended from this side; the socket has not closed yet. */
const CLOSING = 3;

/**
 * Lean SSE driver: protocol state in typed arrays by slot over one transport, so that a connection costs hardly more
 * than its socket.
 */
export class SseDriver implements LoadDriver, TransportHandler, BodySink, EventSink {
  readonly kind = 'lean';
  readonly #options: DriverOptions;
  readonly #events: DriverEvents;
  readonly #phase: Uint8Array;
  readonly #chunked: Uint8Array;
  /** Bytes that the body still has by its Content-Length; infinite without one. */
  readonly #bodyLeft: Float64Array;
  /** Why a slot is CLOSING. */
  readonly #endings = new Map<number, CloseDetail>();
  readonly #heads = new ResponseHeads();
  readonly #transport: Transport;
  readonly #uplinks: PostUplinks;
  /** Slots that have ended their half. */
  readonly #silent = new Set<number>();
  readonly #decoder: ChunkedDecoder;
  readonly #parser: EventStreamParser;
  readonly #lastIds: LastIds;
  readonly #deadlines: ConnectDeadlines;
  #protocolErrors = 0;
  #heartbeats = 0;
  #stopped = false;

  constructor(options: DriverOptions) {
    const { slots } = options;
    this.#options = options;
    this.#events = options.events;
    this.#phase = new Uint8Array(slots);
    this.#chunked = new Uint8Array(slots);
    this.#bodyLeft = new Float64Array(slots);
    this.#transport = createTransport(slots, options.security, this);
    this.#uplinks = new PostUplinks(slots, options.security);
    this.#decoder = new ChunkedDecoder(slots, this);
    this.#parser = new EventStreamParser(slots, this);
    this.#lastIds = new LastIds(slots);
    this.#deadlines = new ConnectDeadlines(slots, options.connectTimeoutMs, (slot) =>
      this.#end(slot, timeoutDetail(options.connectTimeoutMs)),
    );
  }

  /** @throws BenchError where the slot is in use or the driver was stopped; UsageError where the target is malformed. */
  open(slot: number): void {
    if (this.#stopped || this.#phase[slot] !== IDLE) throw slotMisuse(slot, this.#stopped);
    const target = this.#options.target(slot);
    checkTarget(target);
    this.#phase[slot] = CONNECTING;
    this.#decoder.reset(slot);
    this.#deadlines.start(slot);
    this.#transport.connect(slot, target.host, target.port);
  }

  close(slot: number): void {
    this.#uplinks.destroy(slot);
    this.#end(slot, CLOSED_BY_CLIENT);
  }

  say(slot: number, saying: Saying, bytes: Uint8Array, settled: (error: Error | null) => void): boolean {
    if (this.#phase[slot] !== LIVE || this.#silent.has(slot)) return false;
    this.#uplinks.say(slot, this.#options.target(slot), saying, bytes, settled);
    return true;
  }

  endUplink(slot: number): boolean {
    if (this.#phase[slot] !== LIVE) return false;
    this.#silent.add(slot);
    this.#uplinks.end(slot);
    return true;
  }

  uplinks(): number {
    return this.#uplinks.size;
  }

  counters(): DriverCounters {
    return {
      bytesRead: this.#transport.bytesRead + this.#uplinks.bytesRead,
      bytesWritten: this.#transport.bytesWritten + this.#uplinks.bytesWritten,
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
    await Promise.all([this.#transport.destroyAll(), this.#uplinks.stop()]);
  }

  connected(slot: number): void {
    if (this.#phase[slot] !== CONNECTING) return;
    const own = requestHeaders(this.#lastIds.get(slot));
    this.#transport.write(slot, requestText(this.#options.target(slot), own));
  }

  onBytes(slot: number, buffer: Uint8Array, length: number, receivedUs: number): void {
    if (this.#phase[slot] === LIVE) this.#bodyBytes(slot, buffer, 0, length, receivedUs);
    else if (this.#phase[slot] === CONNECTING) this.#headBytes(slot, buffer, length, receivedUs);
  }

  ended(slot: number, error: Error | null): void {
    const detail = this.#endings.get(slot) ?? (error === null ? CLOSED_BY_SERVER : socketErrorDetail(error));
    this.#endings.delete(slot);
    this.#heads.forget(slot);
    this.#deadlines.end(slot);
    this.#parser.reset(slot);
    this.#phase[slot] = IDLE;
    this.#events.closed(slot, detail);
  }

  body(slot: number, bytes: Uint8Array, start: number, end: number, receivedUs: number): void {
    if (this.#phase[slot] === LIVE) this.#parser.parse(slot, bytes, start, end, receivedUs);
  }

  message(slot: number, bytes: Uint8Array, start: number, end: number, receivedUs: number): void {
    this.#events.message(slot, bytes, start, end, receivedUs);
  }

  heartbeats(_slot: number, count: number): void {
    this.#heartbeats += count;
  }

  gap(slot: number): void {
    this.#events.gap(slot);
  }

  retryAfter(slot: number, milliseconds: number): void {
    this.#events.retryAfter(slot, milliseconds);
  }

  lastId(slot: number, bytes: Uint8Array, start: number, end: number): void {
    if (!this.#lastIds.take(slot, bytes, start, end)) this.#protocolErrors++;
  }

  isLive(slot: number): boolean {
    return this.#phase[slot] === LIVE;
  }

  #headBytes(slot: number, buffer: Uint8Array, length: number, receivedUs: number): void {
    const taken = this.#heads.take(slot, buffer.subarray(0, length));
    if (typeof taken === 'string') this.#damaged(slot, taken);
    else if (taken !== null) this.#answered(slot, taken, receivedUs);
  }

  #answered(slot: number, { head, bytes, bodyAt }: ArrivedHead, receivedUs: number): void {
    if (head.status !== 200) {
      this.#end(slot, statusDetail(head.status, head.location));
      return;
    }
    if (!isEventStream(head.contentType)) {
      this.#end(slot, contentTypeDetail(head.contentType));
      return;
    }
    this.#deadlines.end(slot);
    this.#chunked[slot] = head.chunked ? 1 : 0;
    this.#bodyLeft[slot] = head.contentLength;
    this.#phase[slot] = LIVE;
    this.#events.opened(slot, receivedUs);
    if (this.isLive(slot)) this.#bodyBytes(slot, bytes, bodyAt, bytes.length, receivedUs);
  }

  #bodyBytes(slot: number, bytes: Uint8Array, start: number, end: number, receivedUs: number): void {
    if (this.#chunked[slot] === 0) {
      this.#identityBytes(slot, bytes, start, end, receivedUs);
      return;
    }
    const status = this.#decoder.decode(slot, bytes, start, end, receivedUs);
    if (status === CHUNKED.ended) this.#end(slot, CLOSED_BY_SERVER);
    else if (status === CHUNKED.damaged) this.#damaged(slot, 'damaged chunk of the response body');
  }

  #identityBytes(slot: number, bytes: Uint8Array, start: number, end: number, receivedUs: number): void {
    const bodyEnd = Math.min(end, start + this.#bodyLeft[slot]);
    this.#bodyLeft[slot] -= bodyEnd - start;
    this.body(slot, bytes, start, bodyEnd, receivedUs);
    if (this.#bodyLeft[slot] === 0) this.#end(slot, CLOSED_BY_SERVER);
  }

  #damaged(slot: number, what: string): void {
    if (this.#phase[slot] === CLOSING) return;
    this.#protocolErrors++;
    this.#end(slot, protocolDetail(what));
  }

  /** Ends the slot's attempt or connection from this side. The first reason counts. */
  #end(slot: number, detail: CloseDetail): void {
    if (this.#phase[slot] === IDLE || this.#phase[slot] === CLOSING) return;
    this.#phase[slot] = CLOSING;
    this.#endings.set(slot, detail);
    this.#deadlines.end(slot);
    this.#transport.destroy(slot);
  }
}
