import {
  ENVELOPE_BYTES,
  type Envelope,
  emptyEnvelope,
  findMarker,
  isMarkerAt,
  readEnvelope,
} from '../../contract/envelope.ts';

/** Bytes of a message that are searched for the token: servers put little before the data. */
const SEARCH_BYTES = 256;

/** Enough base64 to hold the token behind a short protobuf head. */
const BASE64_BYTES = 256;

/**
 * Finds and decodes the envelope in the first bytes of a message, plain or under base64.
 * It remembers where the last one stood, because a server puts it at the same place each time.
 */
export class MessageReader {
  /** The last envelope read; its content is overwritten by the next `read`. */
  readonly envelope: Envelope = emptyEnvelope();
  #lastOffset = 0;
  #base64 = false;

  /** @returns false where no undamaged envelope was found. */
  read(bytes: Uint8Array, start: number, end: number): boolean {
    if (!this.#base64) {
      const at = this.#find(bytes, start, Math.min(end, start + SEARCH_BYTES));
      if (at >= 0) return readEnvelope(bytes, at, this.envelope);
    }
    return this.#readBase64(bytes, start, end) || this.#readPlainAgain(bytes, start, end);
  }

  #find(bytes: Uint8Array, start: number, end: number): number {
    const hinted = start + this.#lastOffset;
    if (hinted + ENVELOPE_BYTES <= end && isMarkerAt(bytes, hinted)) return hinted;
    const at = findMarker(bytes, start, end);
    if (at >= 0) this.#lastOffset = at - start;
    return at;
  }

  #readBase64(bytes: Uint8Array, start: number, end: number): boolean {
    const length = Math.min(end - start, BASE64_BYTES);
    const text = Buffer.from(bytes.buffer, bytes.byteOffset + start, length).toString('latin1');
    const decoded = Buffer.from(text, 'base64');
    const at = findMarker(decoded, 0, decoded.length);
    if (at < 0 || !readEnvelope(decoded, at, this.envelope)) return false;
    this.#base64 = true;
    return true;
  }

  /** A stream may mix: a plain message after base64 ones is still read. */
  #readPlainAgain(bytes: Uint8Array, start: number, end: number): boolean {
    if (!this.#base64) return false;
    const at = this.#find(bytes, start, Math.min(end, start + SEARCH_BYTES));
    return at >= 0 && readEnvelope(bytes, at, this.envelope);
  }
}
