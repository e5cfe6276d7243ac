/** Kinds of event the fleet tells apart. */
export const EVENT = { message: 0, heartbeat: 1, gap: 2 } as const;
export type EventKind = (typeof EVENT)[keyof typeof EVENT];

export const FIELD = { other: 0, data: 1, id: 2 } as const;
export type Field = (typeof FIELD)[keyof typeof FIELD];

const LF = 10;
const CR = 13;
const COLON = 58;
const SPACE = 32;

const DATA = codes('data');
const ID = codes('id');
const EVENT_NAME = codes('event');
const RETRY = codes('retry');
const PING = codes('ping');
const HEARTBEAT = codes('heartbeat');
const GAP = codes('gap');

function codes(text: string): Uint8Array {
  return Uint8Array.from(text, (c) => c.charCodeAt(0));
}

/** True where `word` stands at `start` and nothing reaches beyond `end`. */
function startsWith(bytes: Uint8Array, start: number, end: number, word: Uint8Array): boolean {
  if (end - start < word.length) return false;
  for (let i = 0; i < word.length; i++) {
    if (bytes[start + i] !== word[i]) return false;
  }
  return true;
}

function equals(bytes: Uint8Array, start: number, end: number, word: Uint8Array): boolean {
  return end - start === word.length && startsWith(bytes, start, end, word);
}

/** Position of the first LF or CR in `[from, to)`, or `to`. */
export function lineEnd(bytes: Uint8Array, from: number, to: number): number {
  let at = from;
  // Four at a time: half the cost for data of 256 bytes and more (benchmark/clientsParser.ts).
  while (at + 4 <= to && bytes[at] > CR && bytes[at + 1] > CR && bytes[at + 2] > CR && bytes[at + 3] > CR)
    at += 4;
  while (at < to && bytes[at] !== LF && bytes[at] !== CR) at++;
  return at;
}

/** True for a comment such as `: ping`, by which servers keep an idle stream alive. */
export function isPing(bytes: Uint8Array, start: number, end: number): boolean {
  let at = start + 1;
  while (at < end && bytes[at] === SPACE) at++;
  return startsWith(bytes, at, end, PING);
}

/**
 * What the lines of one event say, as positions in the bytes they were read from
 * (https://html.spec.whatwg.org/multipage/server-sent-events.html#event-stream-interpretation).
 */
export class EventFields {
  kind: EventKind = EVENT.message;
  dataLines = 0;
  /** Value of the first data line. */
  dataStart = 0;
  dataEnd = 0;
  /** Value of the last id line; -1: there is none. */
  idStart = -1;
  idEnd = -1;
  /** -1: there is none. */
  retryMs = -1;
  pings = 0;

  clear(): void {
    this.kind = EVENT.message;
    this.dataLines = 0;
    this.idStart = -1;
    this.retryMs = -1;
    this.pings = 0;
  }

  /** Takes in the line `[start, end)`, which is not empty and has no line end in it. */
  takeLine(bytes: Uint8Array, start: number, end: number): Field {
    switch (bytes[start]) {
      case DATA[0]:
        return this.#takeData(bytes, start, end);
      case ID[0]:
        return this.#takeId(bytes, start, end);
      case EVENT_NAME[0]:
        return this.#takeKind(bytes, start, end);
      case RETRY[0]:
        return this.#takeRetry(bytes, start, end);
      case COLON:
        if (isPing(bytes, start, end)) this.pings++;
        return FIELD.other;
      default:
        return FIELD.other;
    }
  }

  #takeData(bytes: Uint8Array, start: number, end: number): Field {
    const value = valueStart(bytes, start, end, DATA);
    if (value < 0) return FIELD.other;
    if (this.dataLines === 0) {
      this.dataStart = value;
      this.dataEnd = end;
    }
    this.dataLines++;
    return FIELD.data;
  }

  #takeId(bytes: Uint8Array, start: number, end: number): Field {
    const value = valueStart(bytes, start, end, ID);
    // An id with a NUL in it is ignored, says the standard.
    if (value < 0 || hasNul(bytes, value, end)) return FIELD.other;
    this.idStart = value;
    this.idEnd = end;
    return FIELD.id;
  }

  #takeKind(bytes: Uint8Array, start: number, end: number): Field {
    const value = valueStart(bytes, start, end, EVENT_NAME);
    if (value < 0) return FIELD.other;
    if (equals(bytes, value, end, HEARTBEAT)) this.kind = EVENT.heartbeat;
    else this.kind = equals(bytes, value, end, GAP) ? EVENT.gap : EVENT.message;
    return FIELD.other;
  }

  #takeRetry(bytes: Uint8Array, start: number, end: number): Field {
    const value = valueStart(bytes, start, end, RETRY);
    if (value < 0 || value === end) return FIELD.other;
    let milliseconds = 0;
    for (let i = value; i < end; i++) {
      const digit = bytes[i] - 48;
      if (digit < 0 || digit > 9) return FIELD.other;
      milliseconds = milliseconds * 10 + digit;
    }
    this.retryMs = milliseconds;
    return FIELD.other;
  }
}

/** Start of the field's value, or -1 where the line is of another field. A line without colon has an empty value. */
function valueStart(bytes: Uint8Array, start: number, end: number, name: Uint8Array): number {
  if (!startsWith(bytes, start, end, name)) return -1;
  const colon = start + name.length;
  if (colon === end) return end;
  if (bytes[colon] !== COLON) return -1;
  return colon + 1 < end && bytes[colon + 1] === SPACE ? colon + 2 : colon + 1;
}

function hasNul(bytes: Uint8Array, from: number, to: number): boolean {
  for (let i = from; i < to; i++) {
    if (bytes[i] === 0) return true;
  }
  return false;
}
