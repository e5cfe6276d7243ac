import type { GrpcMethod } from './grpc.ts';
import type { Protocol } from './pushServer.ts';
import type { ClientSecurity, TlsParameters } from './security.ts';

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
  /** The instance goes away and said so (GOAWAY, UNAVAILABLE): another one takes the client at once. */
  | 'going-away'
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
  /** The first bytes of the newest state, told by a poll: it makes every message up to it visible. */
  state(slot: number, bytes: Uint8Array, start: number, end: number, receivedUs: number): void;
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
  /** Only for drivers that poll. */
  readonly polling: PollingOptions | null;
  /** null: plain TCP. */
  readonly security: ClientSecurity | null;
  /** Only for protocols that multiplex: slots `[k n, (k + 1) n)` share a connection. @default 1 */
  readonly streamsPerConnection: number;
  /** Only for gRPC. */
  readonly grpc: GrpcMethod | null;
  /** Only for protocol `custom`; null: another protocol. */
  readonly custom: CustomDriverOptions | null;
}

/** What a driver of the user's own is made from. */
export interface CustomDriverOptions {
  /** Absolute path of its module. */
  readonly module: string;
  /** Base URL of the target. */
  readonly url: string;
  /** First slot of this process in the whole fleet. */
  readonly firstSlot: number;
  readonly topicOf: (slot: number) => string;
  readonly tokenOf: (slot: number) => string | null;
}

/** What drivers that push, over plain TCP, one connection for each slot, are made with beside the rest. */
export const PLAIN_DRIVER = {
  polling: null,
  security: null,
  streamsPerConnection: 1,
  grpc: null,
  custom: null,
} as const;

/** What a client says itself. A `typing` notice is relayed and not kept. */
export type Saying = 'message' | 'typing';

/** How a polling client asks. */
export interface PollingOptions {
  readonly mode: 'interval' | 'held';
  /** Milliseconds between two polls of a slot; the first comes at a random phase. Not used by `held`. */
  readonly intervalMs: number;
  /** Share of the interval by which each poll is moved at random, 0 to 1. @default 0 */
  readonly jitter: number;
  /** Factor by which the interval grows after each empty poll, up to 8 intervals; 1: never. @default 1 */
  readonly backoff: number;
  readonly seed: number;
}

/** Counts since the driver was made. */
export interface PollFigures {
  readonly sent: number;
  /** Whole answers, of whatever status. */
  readonly answered: number;
  /** Answers that showed nothing new. */
  readonly empty: number;
  readonly failed: number;
  /** Polls that were due while the one before was still under way. */
  readonly skipped: number;
  /** TCP connections that were opened for them. */
  readonly connections: number;
  /** Bytes of empty polls, request and answer. */
  readonly emptyBytes: number;
  /** Sent minus due: encoded HdrHistogram, microseconds. */
  readonly scheduleError: string;
  /** From due to the whole answer, connecting included: encoded HdrHistogram, microseconds. */
  readonly roundTrip: string;
}

/** Counts since the driver was made. */
export interface DriverCounters {
  /** Bytes read from and written to sockets by the driver, protocol overhead included, TCP/IP not. null: the client library hides it, or what TLS adds to it. */
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
  /** Only drivers that poll have figures of it. */
  pollFigures?(): PollFigures;
  /**
   * Only drivers of protocols with an uplink: says something in the slot's room. `settled` is called once: when the server
   * has answered (`post`), or when the bytes were handed to the connection (`stream`).
   * @returns false where the slot is not live, or has ended its half
   */
  say?(slot: number, saying: Saying, bytes: Uint8Array, settled: (error: Error | null) => void): boolean;
  /** The slot says nothing any more and goes on receiving. @returns false where the protocol cannot do that */
  endUplink?(slot: number): boolean;
  /** The slot reads at most so many bytes per second from now on; null: as fast as it can. */
  throttle?(slot: number, bytesPerSecond: number | null): void;
  /** Connections that are open now, where streams share them. */
  connections?(): number;
  /** What the first TLS handshake agreed on; null: there was none. Drivers that cannot tell have no such member. */
  tls?(): TlsParameters | null;
  /** Connections that are open now for what clients say, beside those of the streams. */
  uplinks?(): number;
  /** Ends all connections and frees every resource. */
  stop(): Promise<void>;
}

export interface DriverInfo {
  readonly protocol: Protocol;
  readonly kind: LoadDriver['kind'];
  create(options: DriverOptions): Promise<LoadDriver>;
}
