/** Receives ranges of the body, in order, inside the buffer that was decoded: nothing is copied. */
export interface BodySink {
  body(slot: number, bytes: Uint8Array, start: number, end: number, receivedUs: number): void;
}

export const CHUNKED = { more: 0, ended: 1, damaged: 2 } as const;
export type ChunkedStatus = (typeof CHUNKED)[keyof typeof CHUNKED];

const CR = 13;
const LF = 10;
const SEMICOLON = 59;

const SIZE_FIRST = 0;
const SIZE = 1;
const EXTENSION = 2;
const SIZE_LF = 3;
const DATA = 4;
const DATA_CR = 5;
const DATA_LF = 6;
const TRAILER_START = 7;
const TRAILER = 8;
const TRAILER_LF = 9;
const END_LF = 10;

/** Bytes of one chunk beyond which the size is taken as damaged: exact in a double. */
const MAX_CHUNK_BYTES = 2 ** 48;

const HEX = hexValues();

function hexValues(): Int8Array {
  const values = new Int8Array(256).fill(-1);
  for (let value = 0; value < 16; value++) {
    const digit = value.toString(16);
    values[digit.charCodeAt(0)] = value;
    values[digit.toUpperCase().charCodeAt(0)] = value;
  }
  return values;
}

/** Decoder of the chunked transfer coding (RFC 9112, section 7.1) for many connections: resumable at every byte. */
export class ChunkedDecoder {
  readonly #state: Uint8Array;
  readonly #remaining: Float64Array;
  readonly #sink: BodySink;

  constructor(slots: number, sink: BodySink) {
    this.#state = new Uint8Array(slots);
    this.#remaining = new Float64Array(slots);
    this.#sink = sink;
  }

  /** Forgets the slot's last connection. */
  reset(slot: number): void {
    this.#state[slot] = SIZE_FIRST;
    this.#remaining[slot] = 0;
  }

  /** Decodes `[start, end)`; after `ended` or `damaged` the slot takes no more bytes until it is reset. */
  decode(slot: number, bytes: Uint8Array, start: number, end: number, receivedUs: number): ChunkedStatus {
    let at = start;
    while (at < end) {
      if (this.#state[slot] === DATA) {
        at = this.#data(slot, bytes, at, end, receivedUs);
        continue;
      }
      const status = this.#framing(slot, bytes[at]);
      if (status !== CHUNKED.more) return status;
      at++;
    }
    return CHUNKED.more;
  }

  #data(slot: number, bytes: Uint8Array, at: number, end: number, receivedUs: number): number {
    const dataEnd = Math.min(end, at + this.#remaining[slot]);
    this.#remaining[slot] -= dataEnd - at;
    if (this.#remaining[slot] === 0) this.#state[slot] = DATA_CR;
    this.#sink.body(slot, bytes, at, dataEnd, receivedUs);
    return dataEnd;
  }

  /** One byte outside of chunk data. */
  #framing(slot: number, byte: number): ChunkedStatus {
    switch (this.#state[slot]) {
      case SIZE_FIRST:
      case SIZE:
        return this.#size(slot, byte);
      case EXTENSION:
        return byte === CR ? this.#go(slot, SIZE_LF) : CHUNKED.more;
      case SIZE_LF:
        return this.#expect(slot, byte, LF, this.#remaining[slot] === 0 ? TRAILER_START : DATA);
      case DATA_CR:
        return this.#expect(slot, byte, CR, DATA_LF);
      case DATA_LF:
        return this.#expect(slot, byte, LF, SIZE_FIRST);
      case TRAILER_START:
        return this.#go(slot, byte === CR ? END_LF : TRAILER);
      case TRAILER:
        return byte === CR ? this.#go(slot, TRAILER_LF) : CHUNKED.more;
      case TRAILER_LF:
        return this.#expect(slot, byte, LF, TRAILER_START);
      default:
        return byte === LF ? CHUNKED.ended : CHUNKED.damaged;
    }
  }

  #size(slot: number, byte: number): ChunkedStatus {
    const digit = HEX[byte];
    if (digit >= 0) {
      this.#remaining[slot] = this.#remaining[slot] * 16 + digit;
      return this.#remaining[slot] > MAX_CHUNK_BYTES ? CHUNKED.damaged : this.#go(slot, SIZE);
    }
    if (this.#state[slot] === SIZE_FIRST) return CHUNKED.damaged;
    if (byte === CR) return this.#go(slot, SIZE_LF);
    // Some servers pad the size with blanks: read them as an extension, as node:http does.
    return byte === SEMICOLON || byte === 32 || byte === 9 ? this.#go(slot, EXTENSION) : CHUNKED.damaged;
  }

  #go(slot: number, state: number): ChunkedStatus {
    this.#state[slot] = state;
    return CHUNKED.more;
  }

  #expect(slot: number, byte: number, wanted: number, next: number): ChunkedStatus {
    return byte === wanted ? this.#go(slot, next) : CHUNKED.damaged;
  }
}
