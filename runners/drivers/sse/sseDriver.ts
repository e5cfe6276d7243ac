import { BenchError, EXIT } from '../../../contract/errors.ts';
import type {
  CloseDetail,
  DriverCounters,
  DriverEvents,
  DriverOptions,
  LoadDriver,
} from '../../../contract/loadDriver.ts';
import {
  CLOSED_BY_CLIENT,
  CLOSED_BY_SERVER,
  contentTypeDetail,
  protocolDetail,
  socketErrorDetail,
  statusDetail,
  timeoutDetail,
} from '../closeReason.ts';
import { TcpTransport, type TransportHandler } from '../tcpTransport.ts';
import { type BodySink, CHUNKED, ChunkedDecoder } from './chunked.ts';
import { ConnectDeadlines } from './connectDeadlines.ts';
import { type EventSink, EventStreamParser } from './eventStream.ts';
import { headEnd, isEventStream, MAX_HEAD_BYTES, parseHead, type ResponseHead } from './httpHead.ts';
import { LastIds } from './lastIds.ts';
import { checkTarget, requestText } from './request.ts';

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
  /** First bytes of heads that came in parts. */
  readonly #headParts = new Map<number, Buffer>();
  readonly #transport: TcpTransport;
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
    this.#transport = new TcpTransport(slots, this);
    this.#decoder = new ChunkedDecoder(slots, this);
    this.#parser = new EventStreamParser(slots, this);
    this.#lastIds = new LastIds(slots);
    this.#deadlines = new ConnectDeadlines(slots, options.connectTimeoutMs, (slot) =>
      this.#end(slot, timeoutDetail(options.connectTimeoutMs)),
    );
  }

  /** @throws BenchError where the slot is in use or the driver was stopped; UsageError where the target is malformed. */
  open(slot: number): void {
    if (this.#stopped || this.#phase[slot] !== IDLE) throw misuse(slot, this.#stopped);
    const target = this.#options.target(slot);
    checkTarget(target);
    this.#phase[slot] = CONNECTING;
    this.#decoder.reset(slot);
    this.#deadlines.start(slot);
    this.#transport.connect(slot, target.host, target.port);
  }

  close(slot: number): void {
    this.#end(slot, CLOSED_BY_CLIENT);
  }

  counters(): DriverCounters {
    return {
      bytesRead: this.#transport.bytesRead,
      bytesWritten: this.#transport.bytesWritten,
      protocolErrors: this.#protocolErrors,
      heartbeats: this.#heartbeats,
    };
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    for (let slot = 0; slot < this.#phase.length; slot++) this.close(slot);
    await this.#transport.destroyAll();
  }

  connected(slot: number): void {
    if (this.#phase[slot] !== CONNECTING) return;
    this.#transport.write(slot, requestText(this.#options.target(slot), this.#lastIds.get(slot)));
  }

  onBytes(slot: number, buffer: Uint8Array, length: number, receivedUs: number): void {
    if (this.#phase[slot] === LIVE) this.#bodyBytes(slot, buffer, 0, length, receivedUs);
    else if (this.#phase[slot] === CONNECTING) this.#headBytes(slot, buffer, length, receivedUs);
  }

  ended(slot: number, error: Error | null): void {
    const detail = this.#endings.get(slot) ?? (error === null ? CLOSED_BY_SERVER : socketErrorDetail(error));
    this.#endings.delete(slot);
    this.#headParts.delete(slot);
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
    const part = this.#headParts.get(slot);
    const read = buffer.subarray(0, length);
    const bytes = part === undefined ? read : Buffer.concat([part, read]);
    const end = headEnd(bytes, 0, Math.min(bytes.length, MAX_HEAD_BYTES));
    if (end < 0) {
      if (bytes.length >= MAX_HEAD_BYTES) this.#damaged(slot, `response head over ${MAX_HEAD_BYTES} bytes`);
      else this.#headParts.set(slot, Buffer.from(bytes));
      return;
    }
    this.#headParts.delete(slot);
    const head = parseHead(Buffer.from(bytes.buffer, bytes.byteOffset, end).toString('latin1'));
    if (head === null) this.#damaged(slot, 'damaged response head');
    else if (this.#isInterim(head))
      this.#headBytes(slot, bytes.subarray(end), bytes.length - end, receivedUs);
    else this.#answered(slot, head, bytes, end, receivedUs);
  }

  /** 103 Early Hints and the like come before the answer proper; 101 would be another protocol. */
  #isInterim(head: ResponseHead): boolean {
    return head.status < 200 && head.status !== 101;
  }

  #answered(slot: number, head: ResponseHead, bytes: Uint8Array, bodyAt: number, receivedUs: number): void {
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

function misuse(slot: number, stopped: boolean): BenchError {
  const state = stopped ? 'the driver was stopped' : 'it has not closed yet';
  return new BenchError(`slot ${slot} cannot be opened: ${state}`, {
    exitCode: EXIT.internal,
    hint: 'Open a slot again only after its closed event.',
  });
}
