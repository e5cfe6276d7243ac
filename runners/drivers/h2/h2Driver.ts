import type { IncomingHttpHeaders } from 'node:http2';
import type {
  CloseDetail,
  DriverCounters,
  DriverEvents,
  DriverOptions,
  LoadDriver,
  Saying,
} from '../../../contract/loadDriver.ts';
import type { TlsParameters } from '../../../contract/security.ts';
import { CLOSED_BY_CLIENT, protocolDetail, timeoutDetail } from '../closeReason.ts';
import { ConnectDeadlines } from '../connectDeadlines.ts';
import { LastIds } from '../lastIds.ts';
import { ReadThrottle } from '../readThrottle.ts';
import { checkTarget } from '../requestHead.ts';
import { slotMisuse } from '../slotMisuse.ts';
import { H2Transport, type ResponseHead, type StreamHandler } from './h2Transport.ts';
import type { ProtocolSink, StreamProtocol } from './streamProtocol.ts';

const IDLE = 0;
/** From `open` to the answer's head. */
const CONNECTING = 1;
const LIVE = 2;
/** Ended from this side; the stream has not closed yet. */
const CLOSING = 3;

/** Lean driver of a protocol that streams over HTTP/2: its state is in typed arrays by slot, beside the stream itself. */
export class H2Driver implements LoadDriver, StreamHandler, ProtocolSink {
  readonly kind = 'lean';
  readonly #options: DriverOptions;
  readonly #events: DriverEvents;
  readonly #protocol: StreamProtocol;
  readonly #phase: Uint8Array;
  /** Why a slot's stream ends, where that is known before it has. */
  readonly #endings = new Map<number, CloseDetail>();
  /** Slots that have ended their half, for good. */
  readonly #silent = new Set<number>();
  readonly #transport: H2Transport;
  readonly #throttle: ReadThrottle;
  readonly #lastIds: LastIds;
  readonly #deadlines: ConnectDeadlines;
  #protocolErrors = 0;
  #heartbeats = 0;
  #stopped = false;

  constructor(options: DriverOptions, protocolFor: (sink: ProtocolSink) => StreamProtocol) {
    const { slots, streamsPerConnection, security, connectTimeoutMs } = options;
    this.#options = options;
    this.#events = options.events;
    this.#phase = new Uint8Array(slots);
    this.#transport = new H2Transport(slots, streamsPerConnection, security, this);
    this.#throttle = new ReadThrottle(this.#transport);
    this.#protocol = protocolFor(this);
    this.#lastIds = new LastIds(slots);
    this.#deadlines = new ConnectDeadlines(slots, connectTimeoutMs, (slot) =>
      this.#end(slot, this.#timeout(slot)),
    );
  }

  /** @throws BenchError where the slot is in use or the driver was stopped; UsageError where the target is malformed. */
  open(slot: number): void {
    if (this.#stopped || this.#phase[slot] !== IDLE) throw slotMisuse(slot, this.#stopped);
    const target = this.#options.target(slot);
    checkTarget(target);
    const request = this.#protocol.request(target, this.#lastIds.get(slot));
    this.#phase[slot] = CONNECTING;
    this.#deadlines.start(slot);
    this.#transport.open(slot, target, request);
  }

  close(slot: number): void {
    this.#end(slot, CLOSED_BY_CLIENT);
  }

  counters(): DriverCounters {
    // Under TLS Node counts what is inside the records, and how many there are nobody says.
    const isSeen = this.#options.security === null;
    return {
      bytesRead: isSeen ? this.#transport.bytesRead : null,
      bytesWritten: isSeen ? this.#transport.bytesWritten : null,
      protocolErrors: this.#protocolErrors,
      heartbeats: this.#heartbeats,
    };
  }

  connections(): number {
    return this.#transport.connections;
  }

  tls(): TlsParameters | null {
    return this.#transport.tls;
  }

  say(slot: number, saying: Saying, bytes: Uint8Array, settled: (error: Error | null) => void): boolean {
    const { uplink } = this.#protocol;
    if (uplink === null || !this.#speaks(slot)) return false;
    if (uplink.kind === 'stream') return this.#transport.write(slot, uplink.encode(saying, bytes), settled);
    const fields = uplink.fields(this.#options.target(slot), saying);
    return this.#transport.post(slot, fields, bytes, (status, error) =>
      settled(status === null ? error : uplink.fault(status)),
    );
  }

  endUplink(slot: number): boolean {
    const { uplink } = this.#protocol;
    if (uplink === null || !this.#speaks(slot)) return false;
    if (uplink.kind === 'stream') this.#transport.endHalf(slot);
    this.#silent.add(slot);
    return true;
  }

  throttle(slot: number, bytesPerSecond: number | null): void {
    this.#throttle.limit(slot, bytesPerSecond);
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    for (let slot = 0; slot < this.#phase.length; slot++) this.close(slot);
    this.#throttle.stop();
    await this.#transport.destroyAll();
  }

  answered(slot: number, head: ResponseHead, receivedUs: number): boolean {
    if (this.#phase[slot] !== CONNECTING) return false;
    const refusal = this.#protocol.refusal(slot, head);
    if (refusal !== null) {
      this.#end(slot, refusal);
      return false;
    }
    this.#deadlines.end(slot);
    this.#phase[slot] = LIVE;
    this.#throttle.connected(slot);
    this.#events.opened(slot, receivedUs);
    return this.isLive(slot);
  }

  onBytes(slot: number, bytes: Uint8Array, receivedUs: number): void {
    if (this.#phase[slot] !== LIVE) return;
    this.#throttle.took(slot, bytes.length);
    this.#protocol.onBytes(slot, bytes, receivedUs);
  }

  trailers(slot: number, fields: IncomingHttpHeaders): void {
    if (this.#phase[slot] === CLOSING) return;
    // Bytes that came before may still wait to be read: the slot stays live until the stream closes.
    this.#endings.set(slot, this.#protocol.trailers(slot, fields));
  }

  ended(slot: number, detail: CloseDetail | null): void {
    const ending = this.#ending(slot, detail);
    this.#endings.delete(slot);
    this.#deadlines.end(slot);
    this.#protocol.reset(slot);
    this.#phase[slot] = IDLE;
    if (ending.reason === 'bad-protocol') this.#protocolErrors++;
    this.#events.closed(slot, ending);
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

  lastIdNumber(slot: number, id: number): void {
    this.#lastIds.takeNumber(slot, id);
  }

  fault(slot: number, what: string): void {
    this.#end(slot, protocolDetail(what));
  }

  isLive(slot: number): boolean {
    return this.#phase[slot] === LIVE;
  }

  #timeout(slot: number): CloseDetail {
    const timeout = timeoutDetail(this.#options.connectTimeoutMs);
    const limit = this.#transport.exceededLimit(slot);
    if (limit === null) return timeout;
    return { ...timeout, detail: `${timeout.detail}: the server allows ${limit} streams on a connection` };
  }

  #ending(slot: number, detail: CloseDetail | null): CloseDetail {
    const known = this.#endings.get(slot) ?? null;
    if (this.#phase[slot] === CLOSING || detail !== null) return known ?? detail ?? CLOSED_BY_CLIENT;
    const inside = this.#protocol.endsInside(slot);
    return inside === null ? (known ?? this.#protocol.endWithoutTrailers()) : protocolDetail(inside);
  }

  #speaks(slot: number): boolean {
    return this.#phase[slot] === LIVE && !this.#silent.has(slot);
  }

  /** Ends the slot's attempt or stream from this side. The first reason counts. */
  #end(slot: number, detail: CloseDetail): void {
    if (this.#phase[slot] === IDLE || this.#phase[slot] === CLOSING) return;
    this.#phase[slot] = CLOSING;
    if (!this.#endings.has(slot)) this.#endings.set(slot, detail);
    this.#deadlines.end(slot);
    this.#transport.cancel(slot);
  }
}
