import type { CloseDetail } from '../../../contract/loadDriver.ts';
import type { TlsParameters } from '../../../contract/security.ts';

/** What sends polls: the part in which drivers differ. One poll per slot is under way at a time. */
export interface PollEngine {
  /** Sends the slot's poll on its connection, or on a new one where it has none. */
  send(slot: number): void;
  /** Ends the slot's connection and its poll; `gone` follows, but not within this call. */
  drop(slot: number): void;
  /** Resolves when every connection is closed. */
  stop(): Promise<void>;
  /** null: the client library hides it. */
  readonly bytesRead: number | null;
  readonly bytesWritten: number | null;
  /** What the first TLS handshake agreed on; null: there was none, or the client library hides it. */
  readonly tls: TlsParameters | null;
}

/** What an engine tells of it. */
export interface PollHandler {
  /** The request has been written, or will be as soon as the event loop turns: there is a connection. */
  asked(slot: number): void;
  /** The whole answer; the body stands at `[start, end)` of `bytes`, which may be overwritten after the call. */
  answered(
    slot: number,
    answer: { readonly status: number; readonly fields: ReadonlyMap<string, string> },
    bytes: Uint8Array,
    start: number,
    end: number,
    receivedUs: number,
    /** Request and answer together. */
    wireBytes: number,
  ): void;
  /** There will be no answer to this poll. */
  broke(slot: number, detail: CloseDetail): void;
  /** More or other bytes than an answer may have; the poll itself goes on. */
  damagedFraming(): void;
  /** A connection is opened, or is about to be. */
  connecting(): void;
  gone(slot: number): void;
}
