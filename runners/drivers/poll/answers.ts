import { type BodySink, CHUNKED, ChunkedDecoder } from '../chunked.ts';
import type { ResponseHead } from '../httpHead.ts';
import { type ArrivedHead, ResponseHeads } from '../responseHeads.ts';

/** A body beyond this is no state that a client would poll for. */
export const MAX_BODY_BYTES = 16 * 1_048_576;

export interface Answer {
  readonly status: number;
  /** Headers by name in lower case. */
  readonly fields: ReadonlyMap<string, string>;
  /** The connection may be used again. */
  readonly isKept: boolean;
  /** Bytes that came after the end of the answer, though nothing more was asked. */
  readonly surplusBytes: number;
}

export interface AnswerSink {
  /** The body stands at `[start, end)`; `bytes` may be the shared read buffer. */
  whole(
    slot: number,
    answer: Answer,
    bytes: Uint8Array,
    start: number,
    end: number,
    receivedUs: number,
  ): void;
  damaged(slot: number, what: string): void;
}

/** An answer whose head is there. */
interface Pending {
  readonly head: ResponseHead;
  readonly isKept: boolean;
  /** Bytes of an identity body that are to come; infinite where the end of the connection ends it. */
  left: number;
  /** Copies of what came in earlier reads. */
  readonly parts: Uint8Array[];
  size: number;
}

/**
 * Whole answers to requests by slot, one after another on a connection (RFC 9112, sections 6 to 9). A body that came in one
 * read and one piece is handed on where it lies; only what comes in parts is copied.
 */
export class Answers implements BodySink {
  readonly #sink: AnswerSink;
  readonly #heads = new ResponseHeads();
  readonly #decoder: ChunkedDecoder;
  readonly #pending = new Map<number, Pending>();
  /** Piece of a body in the read buffer, while one read is taken apart. */
  #pieceStart = -1;
  #pieceEnd = -1;

  constructor(slots: number, sink: AnswerSink) {
    this.#sink = sink;
    this.#decoder = new ChunkedDecoder(slots, this);
  }

  /** Forgets what came of an answer. */
  forget(slot: number): void {
    this.#heads.forget(slot);
    this.#pending.delete(slot);
  }

  read(slot: number, bytes: Uint8Array, receivedUs: number): void {
    const pending = this.#pending.get(slot);
    if (pending !== undefined) {
      this.#bodyBytes(slot, pending, bytes, 0, receivedUs);
      return;
    }
    const arrived = this.#heads.take(slot, bytes);
    if (arrived === null) return;
    if (typeof arrived === 'string') this.#sink.damaged(slot, arrived);
    else this.#begin(slot, arrived, receivedUs);
  }

  /** The server closed. @returns whether that was the end of an answer. */
  end(slot: number, receivedUs: number): boolean {
    const pending = this.#pending.get(slot);
    const isEnd = pending !== undefined && isUntilClose(pending.head);
    if (isEnd) this.#complete(slot, pending, new Uint8Array(0), 0, receivedUs);
    return isEnd;
  }

  body(slot: number, bytes: Uint8Array, start: number, end: number): void {
    const pending = this.#pending.get(slot);
    if (pending === undefined || start === end) return;
    if (this.#pieceEnd > this.#pieceStart) pending.parts.push(this.#copyOfPiece(bytes));
    this.#pieceStart = start;
    this.#pieceEnd = end;
    pending.size += end - start;
  }

  #begin(slot: number, { head, bytes, bodyAt }: ArrivedHead, receivedUs: number): void {
    const isBodiless = head.status === 204 || head.status === 304 || head.status === 101;
    const isKept = isConnectionKept(head, bytes) && (isBodiless || !isUntilClose(head));
    const left = isBodiless ? 0 : head.contentLength;
    const pending: Pending = {
      head: isBodiless ? withoutBody(head) : head,
      isKept,
      left,
      parts: [],
      size: 0,
    };
    this.#pending.set(slot, pending);
    this.#decoder.reset(slot);
    this.#bodyBytes(slot, pending, bytes, bodyAt, receivedUs);
  }

  #bodyBytes(slot: number, pending: Pending, bytes: Uint8Array, start: number, receivedUs: number): void {
    this.#pieceStart = -1;
    this.#pieceEnd = -1;
    const isOver = pending.head.chunked
      ? this.#decoder.decode(slot, bytes, start, bytes.length, receivedUs)
      : this.#identityBytes(slot, pending, bytes, start);
    if (isOver === CHUNKED.damaged) this.#fail(slot, 'damaged chunk of the response body');
    else if (pending.size > MAX_BODY_BYTES) this.#fail(slot, `response body over ${MAX_BODY_BYTES} bytes`);
    else if (isOver === CHUNKED.ended) {
      const surplus = pending.head.chunked ? 0 : Math.max(0, bytes.length - start - pending.size);
      this.#complete(slot, pending, bytes, surplus, receivedUs);
    } else if (this.#pieceEnd > this.#pieceStart) {
      // The read buffer is overwritten by the next read.
      pending.parts.push(this.#copyOfPiece(bytes));
    }
  }

  #identityBytes(slot: number, pending: Pending, bytes: Uint8Array, start: number): 0 | 1 {
    const end = Math.min(bytes.length, start + pending.left);
    pending.left -= end - start;
    this.body(slot, bytes, start, end);
    return pending.left === 0 ? CHUNKED.ended : CHUNKED.more;
  }

  #complete(
    slot: number,
    pending: Pending,
    bytes: Uint8Array,
    surplusBytes: number,
    receivedUs: number,
  ): void {
    const { head, isKept, parts } = pending;
    const { status, fields } = head;
    const answer: Answer = { status, fields, isKept: isKept && surplusBytes === 0, surplusBytes };
    const [start, end] = this.#pieceEnd > this.#pieceStart ? [this.#pieceStart, this.#pieceEnd] : [0, 0];
    this.#pieceStart = -1;
    this.#pieceEnd = -1;
    this.#pending.delete(slot);
    if (parts.length === 0) {
      this.#sink.whole(slot, answer, bytes, start, end, receivedUs);
      return;
    }
    const body = Buffer.concat([...parts, bytes.subarray(start, end)]);
    this.#sink.whole(slot, answer, body, 0, body.length, receivedUs);
  }

  /** Not `slice`, which is a view where the bytes are a Buffer. */
  #copyOfPiece(bytes: Uint8Array): Uint8Array {
    return Buffer.from(bytes.subarray(this.#pieceStart, this.#pieceEnd));
  }

  #fail(slot: number, what: string): void {
    this.forget(slot);
    this.#sink.damaged(slot, what);
  }
}

function isUntilClose(head: ResponseHead): boolean {
  return !head.chunked && head.contentLength === Number.POSITIVE_INFINITY;
}

/** 204, 304 and interim answers have no body, whatever their head says (RFC 9112, section 6.3). */
function withoutBody(head: ResponseHead): ResponseHead {
  return { ...head, chunked: false, contentLength: 0 };
}

/** RFC 9112, section 9.3: HTTP/1.1 keeps connections unless told otherwise, HTTP/1.0 only if told so. */
function isConnectionKept(head: ResponseHead, bytes: Uint8Array): boolean {
  const option = head.fields.get('connection')?.toLowerCase() ?? '';
  const isOldVersion = bytes[7] === 0x30;
  return isOldVersion ? option.includes('keep-alive') : !option.includes('close');
}
