import { MAX_ID_BYTES } from '../lastIds.ts';
import { EventFields, FIELD, lineEnd } from './eventFields.ts';

/** Bytes of data kept of an event that came in parts: the envelope stands in the first ones. */
export const PARTIAL_DATA_BYTES = 256;

/** One byte more than the longest id that is kept, so that a longer one is seen to be too long. */
const LINE_BYTES = 'id: '.length + MAX_ID_BYTES + 1;

const CR = 13;
const LF = 10;

/** An event whose end has not come yet: only what is needed of it, in buffers of its own. */
export class PartialEvent {
  /** Positions of the data are in `data`, those of the id in `id`. */
  readonly fields = new EventFields();
  readonly data = new Uint8Array(PARTIAL_DATA_BYTES);
  id = new Uint8Array(0);
  /** True where the last line taken ended in CR, whose LF may still come. */
  afterCr = false;
  readonly #line = new Uint8Array(LINE_BYTES);
  #lineBytes = 0;

  clear(): void {
    this.fields.clear();
    this.afterCr = false;
    this.#lineBytes = 0;
  }

  /** Takes `[start, end)`. @returns the position after the empty line that ends the event, or -1 where it has not come. */
  take(bytes: Uint8Array, start: number, end: number): number {
    let at = start;
    while (at < end) {
      if (this.afterCr) {
        this.afterCr = false;
        if (bytes[at] === LF) {
          at++;
          continue;
        }
      }
      const stop = lineEnd(bytes, at, end);
      this.#keep(bytes, at, stop);
      if (stop === end) return -1;
      this.afterCr = bytes[stop] === CR;
      at = stop + 1;
      if (this.#lineBytes === 0) return at;
      this.#endLine();
    }
    return -1;
  }

  #keep(bytes: Uint8Array, start: number, end: number): void {
    const kept = Math.min(end - start, LINE_BYTES - this.#lineBytes);
    for (let i = 0; i < kept; i++) this.#line[this.#lineBytes + i] = bytes[start + i];
    this.#lineBytes += kept;
  }

  #endLine(): void {
    const fields = this.fields;
    const field = fields.takeLine(this.#line, 0, this.#lineBytes);
    this.#lineBytes = 0;
    if (field === FIELD.data && fields.dataLines === 1) this.#keepData();
    else if (field === FIELD.id) this.#keepId();
  }

  #keepData(): void {
    const { fields } = this;
    const bytes = Math.min(fields.dataEnd - fields.dataStart, PARTIAL_DATA_BYTES);
    this.data.set(this.#line.subarray(fields.dataStart, fields.dataStart + bytes));
    fields.dataStart = 0;
    fields.dataEnd = bytes;
  }

  #keepId(): void {
    const { fields } = this;
    this.id = this.#line.slice(fields.idStart, fields.idEnd);
    fields.idStart = 0;
    fields.idEnd = this.id.length;
  }
}
