import type { Protocol } from './pushServer.ts';

/** Where a slot connects, and what it asks for. */
export interface ConnectTarget {
  readonly host: string;
  readonly port: number;
  /** Path with query, the topic already in it. */
  readonly path: string;
  /** Extra request headers, e.g. authorisation of a user's own server. */
  readonly headers: Readonly<Record<string, string>>;
}

/** Why a connection attempt failed or a live one ended. Stable words: results and tests use them. */
export type CloseReason =
  | 'closed-by-client'
  | 'closed-by-server'
  | 'refused'
  | 'reset'
  | 'timeout'
  | 'no-ports'
  | 'too-many-files'
  | 'bad-status'
  | 'bad-content-type'
  | 'bad-protocol'
  | 'other';

export interface CloseDetail {
  readonly reason: CloseReason;
  /** For the user, e.g. `HTTP 404` or `ECONNRESET`. */
  readonly detail: string;
  /** False where trying again cannot help: a status or content type that says "no". */
  readonly retryable: boolean;
}

/**
 * What a driver tells the fleet. Slots are numbered from 0 within the process.
 * `message` hands over the first bytes of one message's data; the fleet finds the envelope in them.
 */
export interface DriverEvents {
  opened(slot: number, atUs: number): void;
  message(slot: number, bytes: Uint8Array, start: number, end: number, receivedUs: number): void;
  /** The server told that messages were lost beyond its replay buffer. */
  gap(slot: number): void;
  /** The server asked for another reconnect delay. */
  retryAfter(slot: number, milliseconds: number): void;
  /** Once per `open`: a failed attempt or the end of a live connection. */
  closed(slot: number, detail: CloseDetail): void;
}

export interface DriverOptions {
  readonly slots: number;
  readonly target: (slot: number) => ConnectTarget;
  readonly events: DriverEvents;
  /** Until the answer's head is parsed, milliseconds. @default 30000 */
  readonly connectTimeoutMs: number;
}

/** Counts since the driver was made. */
export interface DriverCounters {
  /** Bytes read from and written to sockets by the driver, protocol overhead included, TCP/IP not. null: the client library hides it. */
  readonly bytesRead: number | null;
  readonly bytesWritten: number | null;
  /** Messages whose framing was damaged. */
  readonly protocolErrors: number;
  readonly heartbeats: number;
}

/** A fleet of client connections of one protocol in one process. */
export interface LoadDriver {
  /** `lean`: written for this purpose; `ecosystem`: the library that users of the protocol use. */
  readonly kind: 'lean' | 'ecosystem';
  /** Starts one connection attempt; resumes after the last id that the slot saw. */
  open(slot: number): void;
  /** Ends the slot's connection from the client's side; `closed` follows with `closed-by-client`. */
  close(slot: number): void;
  counters(): DriverCounters;
  /** Ends all connections and frees every resource. */
  stop(): Promise<void>;
}

export interface DriverInfo {
  readonly protocol: Protocol;
  readonly kind: LoadDriver['kind'];
  create(options: DriverOptions): Promise<LoadDriver>;
}
