import { isAscii, isUtf8 } from 'node:buffer';

/** Longest text that is cheaper to look through here than to hand to a native check. */
const SHORT_BYTES = 32;

/** True where `[start, end)` is UTF-8. */
export function isUtf8Text(bytes: Uint8Array, start: number, end: number): boolean {
  if (end - start <= SHORT_BYTES && isShortAscii(bytes, start, end)) return true;
  return isUtf8(bytes.subarray(start, end));
}

function isShortAscii(bytes: Uint8Array, start: number, end: number): boolean {
  let seen = 0;
  for (let i = start; i < end; i++) seen |= bytes[i];
  return seen < 0x80;
}

/** Checks UTF-8 that comes in parts, which may end inside a character (Unicode 16, table 3-7). */
export class Utf8Check {
  /** Continuation bytes that the last character still needs. */
  #missing = 0;
  /** Bounds of the next one: the first after E0, ED, F0 and F4 has narrower ones. */
  #low = 0x80;
  #high = 0xbf;

  clear(): void {
    this.#missing = 0;
    this.#low = 0x80;
    this.#high = 0xbf;
  }

  /** True where no character is begun and not ended. */
  get isWhole(): boolean {
    return this.#missing === 0;
  }

  /** @returns false at the first byte that cannot stand where it does. */
  take(bytes: Uint8Array, start: number, end: number): boolean {
    if (this.#missing === 0 && end - start > SHORT_BYTES && isAscii(bytes.subarray(start, end))) return true;
    for (let i = start; i < end; i++) {
      const byte = bytes[i];
      if (this.#missing > 0) {
        if (byte < this.#low || byte > this.#high) return false;
        this.#missing--;
        this.#low = 0x80;
        this.#high = 0xbf;
      } else if (byte >= 0x80 && !this.#begin(byte)) return false;
    }
    return true;
  }

  #begin(byte: number): boolean {
    if (byte < 0xc2 || byte > 0xf4) return false;
    this.#missing = byte < 0xe0 ? 1 : byte < 0xf0 ? 2 : 3;
    if (byte === 0xe0) this.#low = 0xa0;
    else if (byte === 0xed) this.#high = 0x9f;
    else if (byte === 0xf0) this.#low = 0x90;
    else if (byte === 0xf4) this.#high = 0x8f;
    return true;
  }
}
