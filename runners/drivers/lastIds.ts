/** Bytes of the longest event id that is kept for resuming. */
export const MAX_ID_BYTES = 1_024;

/** Decimal digits that a double holds exactly. */
const EXACT_DIGITS = 15;
const NONE = -1;
const OPAQUE = -2;

/** The last event id of every slot: a number where it is one, so that it costs 8 bytes and no object. */
export class LastIds {
  readonly #numbers: Float64Array;
  readonly #opaque = new Map<number, string>();

  constructor(slots: number) {
    this.#numbers = new Float64Array(slots).fill(NONE);
  }

  /** Keeps the id `[start, end)`; an empty one forgets. @returns false where it is too long to keep: the last one stays. */
  take(slot: number, bytes: Uint8Array, start: number, end: number): boolean {
    if (end - start > MAX_ID_BYTES) return false;
    const number = decimal(bytes, start, end);
    if (this.#numbers[slot] === OPAQUE && number !== OPAQUE) this.#opaque.delete(slot);
    this.#numbers[slot] = number;
    if (number === OPAQUE) this.#opaque.set(slot, latin1(bytes, start, end));
    return true;
  }

  /** Keeps an id that is a number of at most 2^53. */
  takeNumber(slot: number, id: number): void {
    if (this.#numbers[slot] === OPAQUE) this.#opaque.delete(slot);
    this.#numbers[slot] = id;
  }

  /** Value for the header `Last-Event-ID`, byte for byte in latin1; null: there is none to send. */
  get(slot: number): string | null {
    const number = this.#numbers[slot];
    if (number >= 0) return String(number);
    return number === OPAQUE ? (this.#opaque.get(slot) ?? null) : null;
  }
}

/** The id as a number if its decimal form is the same bytes again; else NONE (empty) or OPAQUE. */
function decimal(bytes: Uint8Array, start: number, end: number): number {
  if (start === end) return NONE;
  const digits = end - start;
  if (digits > EXACT_DIGITS || (bytes[start] === 48 && digits > 1)) return OPAQUE;
  let value = 0;
  for (let i = start; i < end; i++) {
    const digit = bytes[i] - 48;
    if (digit < 0 || digit > 9) return OPAQUE;
    value = value * 10 + digit;
  }
  return value;
}

function latin1(bytes: Uint8Array, start: number, end: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString('latin1');
}
