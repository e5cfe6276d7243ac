import { EVENT, EventFields, isPing, lineEnd } from './eventFields.ts';
import { PartialEvent } from './partialEvent.ts';

export interface EventSink {
  /** `[start, end)` is the first data line, or the first bytes of it. */
  message(slot: number, bytes: Uint8Array, start: number, end: number, receivedUs: number): void;
  heartbeats(slot: number, count: number): void;
  gap(slot: number): void;
  retryAfter(slot: number, milliseconds: number): void;
  lastId(slot: number, bytes: Uint8Array, start: number, end: number): void;
  /** False once the slot was closed: nothing more of it is told. */
  isLive(slot: number): boolean;
}

const CR = 13;
const LF = 10;
const COLON = 58;

const BOM = Uint8Array.of(0xef, 0xbb, 0xbf);

// Below BOM.length: so many bytes of a leading byte order mark were seen.
const START = 0;
const BETWEEN_EVENTS = 3;
/** Between events, after a CR whose LF may still come. */
const AFTER_CR = 4;
const IN_EVENT = 5;

/** Objects kept for the next event that comes in parts. */
const MAX_SPARE = 64;

/**
 * Parser of `text/event-stream` for many connections
 * (https://html.spec.whatwg.org/multipage/server-sent-events.html#parsing-an-event-stream).
 *
 * An event that lies in one piece is read where it is; only one that is split gets an object of its own, until its end comes.
 */
export class EventStreamParser {
  readonly #place: Uint8Array;
  readonly #partials = new Map<number, PartialEvent>();
  readonly #spare: PartialEvent[] = [];
  readonly #fields = new EventFields();
  readonly #sink: EventSink;

  constructor(slots: number, sink: EventSink) {
    this.#place = new Uint8Array(slots);
    this.#sink = sink;
  }

  /** Forgets the slot's last connection; half an event of it is dropped, as the standard says. */
  reset(slot: number): void {
    this.#place[slot] = START;
    this.#recycle(slot);
  }

  /** Parses `[start, end)` of the slot's stream. */
  parse(slot: number, bytes: Uint8Array, start: number, end: number, receivedUs: number): void {
    let at = this.#place[slot] === BETWEEN_EVENTS ? start : this.#resume(slot, bytes, start, end, receivedUs);
    if (at < 0) return;
    while (at < end) {
      const next = this.#wholeEvent(slot, bytes, at, end, receivedUs);
      if (!this.#sink.isLive(slot)) return;
      if (next < 0) {
        this.#startPartial(slot, bytes, at, end, receivedUs);
        return;
      }
      at = next;
    }
    if (end > start && bytes[end - 1] === CR) this.#place[slot] = AFTER_CR;
  }

  /** Goes on where the last bytes ended. @returns where the next event starts, or -1: it is still inside one. */
  #resume(slot: number, bytes: Uint8Array, start: number, end: number, receivedUs: number): number {
    if (start === end) return -1;
    const place = this.#place[slot];
    if (place === IN_EVENT) return this.#goOn(slot, bytes, start, end, receivedUs);
    if (place < BOM.length) return this.#byteOrderMark(slot, bytes, start, end, receivedUs);
    this.#place[slot] = BETWEEN_EVENTS;
    return bytes[start] === LF ? start + 1 : start;
  }

  #byteOrderMark(slot: number, bytes: Uint8Array, start: number, end: number, receivedUs: number): number {
    let at = start;
    let seen = this.#place[slot];
    while (at < end && seen < BOM.length && bytes[at] === BOM[seen]) {
      at++;
      seen++;
    }
    if (seen === BOM.length || seen === 0) {
      this.#place[slot] = BETWEEN_EVENTS;
      return at;
    }
    this.#place[slot] = seen;
    if (at === end) return -1;
    // It was no mark after all: its bytes begin the first line.
    this.#startPartial(slot, BOM, 0, seen, receivedUs);
    return this.#goOn(slot, bytes, at, end, receivedUs);
  }

  /** Reads an event that lies in `[from, end)` as a whole. @returns the position after it, or -1 where its end is not there. */
  #wholeEvent(slot: number, bytes: Uint8Array, from: number, end: number, receivedUs: number): number {
    const fields = this.#fields;
    fields.clear();
    let at = from;
    for (;;) {
      const stop = lineEnd(bytes, at, end);
      if (stop === end) return -1;
      const next = bytes[stop] === CR && stop + 1 < end && bytes[stop + 1] === LF ? stop + 2 : stop + 1;
      if (stop === at) {
        this.#dispatch(slot, fields, bytes, bytes, receivedUs);
        return next;
      }
      // A comment between events leaves nothing behind to wait for.
      if (at === from && bytes[at] === COLON) {
        if (isPing(bytes, at, stop)) this.#sink.heartbeats(slot, 1);
        return next;
      }
      fields.takeLine(bytes, at, stop);
      at = next;
    }
  }

  #startPartial(slot: number, bytes: Uint8Array, start: number, end: number, receivedUs: number): void {
    const partial = this.#spare.pop() ?? new PartialEvent();
    partial.clear();
    this.#partials.set(slot, partial);
    this.#place[slot] = IN_EVENT;
    this.#goOn(slot, bytes, start, end, receivedUs);
  }

  #goOn(slot: number, bytes: Uint8Array, start: number, end: number, receivedUs: number): number {
    const partial = this.#partials.get(slot);
    if (partial === undefined) return start;
    const after = partial.take(bytes, start, end);
    const { fields } = partial;
    if (after >= 0) {
      this.#place[slot] = BETWEEN_EVENTS;
      this.#dispatch(slot, fields, partial.data, partial.id, receivedUs);
      if (!this.#sink.isLive(slot)) return -1;
      const afterCrLf = partial.afterCr && after < end && bytes[after] === LF ? after + 1 : after;
      this.#recycle(slot);
      return afterCrLf;
    }
    // These count as soon as their line ends: the event's end may never come.
    this.#tell(slot, fields);
    fields.pings = 0;
    fields.retryMs = -1;
    return -1;
  }

  #tell(slot: number, fields: EventFields): void {
    if (fields.pings > 0) this.#sink.heartbeats(slot, fields.pings);
    if (fields.retryMs >= 0) this.#sink.retryAfter(slot, fields.retryMs);
  }

  #dispatch(slot: number, fields: EventFields, data: Uint8Array, id: Uint8Array, receivedUs: number): void {
    this.#tell(slot, fields);
    if (fields.idStart >= 0) this.#sink.lastId(slot, id, fields.idStart, fields.idEnd);
    if (fields.dataLines === 0) return;
    if (fields.kind === EVENT.message) {
      this.#sink.message(slot, data, fields.dataStart, fields.dataEnd, receivedUs);
    } else if (fields.kind === EVENT.heartbeat) this.#sink.heartbeats(slot, 1);
    else this.#sink.gap(slot);
  }

  #recycle(slot: number): void {
    const partial = this.#partials.get(slot);
    if (partial === undefined) return;
    this.#partials.delete(slot);
    if (this.#spare.length < MAX_SPARE) this.#spare.push(partial);
  }
}
