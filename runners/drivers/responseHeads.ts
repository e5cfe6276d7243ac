import { headEnd, MAX_HEAD_BYTES, parseHead, type ResponseHead } from './httpHead.ts';

/** A whole head, and where what follows it begins. */
export interface ArrivedHead {
  readonly head: ResponseHead;
  readonly bytes: Uint8Array;
  readonly bodyAt: number;
}

/** Heads of answers by slot: one that comes in parts is kept until it is whole. */
export class ResponseHeads {
  readonly #parts = new Map<number, Buffer>();

  /**
   * Takes the bytes of one read. Interim answers (103 Early Hints and the like) are passed over; 101 is none of them.
   * @returns null: the head is not whole yet. A text: what is wrong with it.
   */
  take(slot: number, read: Uint8Array): ArrivedHead | string | null {
    const part = this.#parts.get(slot);
    let bytes = part === undefined ? read : Buffer.concat([part, read]);
    this.#parts.delete(slot);
    for (;;) {
      const end = headEnd(bytes, 0, Math.min(bytes.length, MAX_HEAD_BYTES));
      if (end < 0) {
        if (bytes.length >= MAX_HEAD_BYTES) return `response head over ${MAX_HEAD_BYTES} bytes`;
        this.#parts.set(slot, Buffer.from(bytes));
        return null;
      }
      const head = parseHead(Buffer.from(bytes.buffer, bytes.byteOffset, end).toString('latin1'));
      if (head === null) return 'damaged response head';
      if (head.status >= 200 || head.status === 101) return { head, bytes, bodyAt: end };
      bytes = bytes.subarray(end);
    }
  }

  forget(slot: number): void {
    this.#parts.delete(slot);
  }
}
