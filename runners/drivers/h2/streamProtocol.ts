import type { IncomingHttpHeaders } from 'node:http2';
import type { CloseDetail, ConnectTarget, Saying } from '../../../contract/loadDriver.ts';
import type { ResponseHead, StreamRequest } from './h2Transport.ts';

/** What a protocol tells of a slot's stream. */
export interface ProtocolSink {
  message(slot: number, bytes: Uint8Array, start: number, end: number, receivedUs: number): void;
  heartbeats(slot: number, count: number): void;
  gap(slot: number): void;
  retryAfter(slot: number, milliseconds: number): void;
  /** An id whose bytes are text. */
  lastId(slot: number, bytes: Uint8Array, start: number, end: number): void;
  /** An id that is a number of at most 2^53. */
  lastIdNumber(slot: number, id: number): void;
  /** Framing that cannot be trusted: ends the stream. */
  fault(slot: number, what: string): void;
  /** False once the slot was closed: nothing more of it is told. */
  isLive(slot: number): boolean;
}

/** What differs between the protocols that stream over HTTP/2. */
export interface StreamProtocol {
  request(target: ConnectTarget, lastId: string | null): StreamRequest;
  /** Why the answer's head is no stream; null: it is one. `retryAfter` is told here too. */
  refusal(slot: number, head: ResponseHead): CloseDetail | null;
  onBytes(slot: number, bytes: Uint8Array, receivedUs: number): void;
  /** What the server's last fields mean. */
  trailers(slot: number, fields: IncomingHttpHeaders): CloseDetail;
  /** Why a stream is over that ended in order and without trailers. */
  endWithoutTrailers(): CloseDetail;
  /** What is wrong with an end of the stream here; null: nothing. */
  endsInside(slot: number): string | null;
  /** Forgets the slot's last stream. */
  reset(slot: number): void;
  readonly uplink: Uplink | null;
}

/** How a client says something: on its stream, or by a request of its own on the same connection. */
export type Uplink =
  | { readonly kind: 'stream'; readonly encode: (saying: Saying, bytes: Uint8Array) => Uint8Array }
  | {
      readonly kind: 'post';
      /** Header fields of the request, names and values in turn. */
      readonly fields: (target: ConnectTarget, saying: Saying) => readonly string[];
      /** What the status of its answer means; null: it was taken. */
      readonly fault: (status: number) => Error | null;
    };
