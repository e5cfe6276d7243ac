import type { SecureContext } from 'node:tls';
import type { CloseReason, PollingOptions } from '../contract/loadDriver.ts';
import type { Protocol } from '../contract/pushServer.ts';
import type { ClientSecurity } from '../contract/security.ts';
import type { ScriptedConnection } from './driverConformanceServer.ts';

/** One thing that a server says to its client. */
export type Said =
  | { readonly kind: 'message'; readonly data: string; readonly id?: string }
  | { readonly kind: 'gap' };

/** Bytes of an answer, and what a driver has to make of them. */
export interface Reading {
  readonly what: string;
  /** Byte for byte in latin1; where the protocol polls, the answer to one poll. `finish` of the fixture follows. */
  readonly answer: (request: string) => string;
  readonly messages: readonly string[];
  /** @default 0 */
  readonly gaps?: number;
  /** Not looked at where it is left out. */
  readonly retries?: readonly number[];
  /** Not looked at where it is left out. */
  readonly heartbeats?: number;
  /** Whether the driver says it was opened. @default true */
  readonly opened?: boolean;
  /** Why the attempt ends. @default the fixture's `endReason` */
  readonly reason?: CloseReason;
  readonly retryable?: boolean;
  readonly detail?: RegExp;
  /** A client library hides it, or takes it otherwise. */
  readonly leanOnly?: boolean;
  /** Lean drivers read it byte by byte, and in two reads split anywhere, as well. */
  readonly split?: boolean;
}

/** The two sides of TLS. */
export interface FixtureSecurity {
  readonly client: ClientSecurity;
  readonly server: SecureContext;
}

/** A protocol, as a scripted server speaks it: all that the conformance suite of drivers has to know of it. */
export interface DriverFixture {
  readonly name: string;
  readonly protocol: Protocol;
  readonly path: string;
  readonly polling: PollingOptions | null;
  /** @default null: plain TCP */
  readonly security?: FixtureSecurity;
  /** True where the end of the TCP connection is the end of the subscription. */
  readonly endsWithConnection: boolean;
  /** What `finish` means to the client. */
  readonly endReason: CloseReason;
  readonly tellsGaps: boolean;
  /** Ids after which a slot must resume, each byte for byte. */
  readonly ids: readonly string[];
  /** What stands in every request. */
  readonly asks: readonly RegExp[];
  readonly readings: readonly Reading[];
  /** Accepts the client, says all of it, and keeps the connection. Called with the first request of the connection read. */
  speak(connection: ScriptedConnection, said: readonly Said[]): Promise<void>;
  /** Makes the attempt end from the server's side. */
  finish(connection: ScriptedConnection): Promise<void>;
  /** The data within the bytes that a driver handed over, as far as they are compared. */
  dataOf(message: string): string;
  /** The id after which a request resumes; null: it does not. */
  resumesAfter(request: string): string | null;
}
