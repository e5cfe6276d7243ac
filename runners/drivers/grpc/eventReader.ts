import { EVENT_KIND, type GrpcMethod } from '../../../contract/grpc.ts';
import { MAX_VARINT_BYTES, WIRE } from './wire.ts';

/** Bytes of data kept of a message that came in parts: the envelope stands in the first ones. */
export const KEPT_DATA_BYTES = 1_024;

const NO_BYTES = new Uint8Array(0);

// What the next byte is part of.
const TAG = 0;
const VALUE = 1;
const LENGTH = 2;
const SKIPPED = 3;
const DATA = 4;

/** The fields of an event that the fleet needs, as `GrpcMethod` numbers them. */
export type EventFieldNumbers = Pick<GrpcMethod, 'dataField' | 'idField' | 'kindField'>;

/**
 * Reads the fields of one event, in as many parts as they come in. Fields that it does not know are passed over. Data that
 * lie in one part are read where they are.
 */
export class EventReader {
  /** `[dataStart, dataEnd)` of these is the data, or the first bytes of it. */
  data: Uint8Array = NO_BYTES;
  dataStart = 0;
  dataEnd = 0;
  kind: number = EVENT_KIND.message;
  /** Halves of the id; both 0: there is none. */
  idHigh = 0;
  idLow = 0;
  readonly #fields: EventFieldNumbers;
  /** Made for the first message that comes in parts. */
  #kept: Uint8Array | null = null;
  #state = TAG;
  #field = 0;
  #left = 0;
  // A varint that is under way.
  #low = 0;
  #high = 0;
  #varintBytes = 0;

  constructor(fields: EventFieldNumbers) {
    this.#fields = fields;
  }

  clear(): void {
    this.data = NO_BYTES;
    this.dataStart = 0;
    this.dataEnd = 0;
    this.kind = EVENT_KIND.message;
    this.idHigh = 0;
    this.idLow = 0;
    this.#state = TAG;
    this.#clearVarint();
  }

  /** True where the message may end here. */
  get isWhole(): boolean {
    return this.#state === TAG && this.#varintBytes === 0;
  }

  /** Takes `[start, end)` of the message. @returns what is wrong with it; null: nothing. */
  take(bytes: Uint8Array, start: number, end: number): string | null {
    let at = start;
    while (at < end) {
      if (this.#state >= SKIPPED) {
        at = this.#content(bytes, at, end);
        continue;
      }
      const byte = bytes[at++];
      if (!this.#varintByte(byte)) return 'a number of more than 64 bits';
      if (byte > 127) continue;
      const fault = this.#varintEnd(bytes, at);
      if (fault !== null) return fault;
    }
    return null;
  }

  /** Copies what was read of the data: the bytes it lies in do not outlive the read. */
  keep(): void {
    if (this.data === this.#kept || this.dataEnd === this.dataStart) return;
    this.#kept ??= new Uint8Array(KEPT_DATA_BYTES);
    const length = Math.min(this.dataEnd - this.dataStart, KEPT_DATA_BYTES);
    this.#kept.set(this.data.subarray(this.dataStart, this.dataStart + length));
    this.data = this.#kept;
    this.dataStart = 0;
    this.dataEnd = length;
  }

  #clearVarint(): void {
    this.#low = 0;
    this.#high = 0;
    this.#varintBytes = 0;
  }

  #varintByte(byte: number): boolean {
    const shift = 7 * this.#varintBytes++;
    if (this.#varintBytes > MAX_VARINT_BYTES || (shift === 63 && byte > 1)) return false;
    const bits = byte & 127;
    if (shift < 28) this.#low |= bits << shift;
    else if (shift === 28) {
      this.#low |= bits << 28;
      this.#high |= bits >>> 4;
    } else this.#high |= bits << (shift - 32);
    return true;
  }

  #varintEnd(bytes: Uint8Array, at: number): string | null {
    const low = this.#low >>> 0;
    const high = this.#high >>> 0;
    this.#clearVarint();
    if (this.#state === TAG) return this.#tag(low, high);
    if (this.#state === LENGTH) return this.#length(bytes, at, low, high);
    this.#value(low, high);
    this.#state = TAG;
    return null;
  }

  #tag(low: number, high: number): string | null {
    this.#field = low >>> 3;
    const wireType = low & 7;
    if (high !== 0 || this.#field === 0) return 'a field number that cannot be';
    const fault = this.#wrongType(wireType);
    if (fault !== null) return fault;
    if (wireType === WIRE.varint) this.#state = VALUE;
    else if (wireType === WIRE.bytes) this.#state = LENGTH;
    else if (wireType === WIRE.fixed64) this.#skip(8);
    else if (wireType === WIRE.fixed32) this.#skip(4);
    else return `the wire type ${wireType}`;
    return null;
  }

  #wrongType(wireType: number): string | null {
    const { dataField, idField, kindField } = this.#fields;
    const isNumber = this.#field === idField || this.#field === kindField;
    if (!isNumber && this.#field !== dataField) return null;
    const expected = isNumber ? WIRE.varint : WIRE.bytes;
    return wireType === expected ? null : `the wire type ${wireType} in field ${this.#field}`;
  }

  #length(bytes: Uint8Array, at: number, low: number, high: number): string | null {
    if (high !== 0) return 'a field longer than its message';
    if (this.#field !== this.#fields.dataField) {
      this.#skip(low);
      return null;
    }
    this.data = bytes;
    this.dataStart = at;
    this.dataEnd = at;
    this.#left = low;
    this.#state = low === 0 ? TAG : DATA;
    return null;
  }

  #skip(bytes: number): void {
    this.#left = bytes;
    this.#state = bytes === 0 ? TAG : SKIPPED;
  }

  #value(low: number, high: number): void {
    if (this.#field === this.#fields.idField) {
      this.idLow = low;
      this.idHigh = high;
    } else if (this.#field === this.#fields.kindField) this.kind = low;
  }

  /** Passes over the bytes of a field, those of the data being looked at. */
  #content(bytes: Uint8Array, at: number, end: number): number {
    const stop = Math.min(end, at + this.#left);
    if (this.#state === DATA) this.#dataPart(bytes, at, stop);
    this.#left -= stop - at;
    if (this.#left === 0) this.#state = TAG;
    return stop;
  }

  #dataPart(bytes: Uint8Array, at: number, stop: number): void {
    if (this.data === bytes) this.dataEnd = stop;
    else if (this.data === this.#kept) {
      const length = Math.min(stop - at, KEPT_DATA_BYTES - this.dataEnd);
      this.data.set(bytes.subarray(at, at + length), this.dataEnd);
      this.dataEnd += length;
    } else {
      // The length came at the end of one part, the first byte comes with this one.
      this.data = bytes;
      this.dataStart = at;
      this.dataEnd = stop;
    }
  }
}
