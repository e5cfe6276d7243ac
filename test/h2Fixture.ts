import type { OutgoingHttpHeaders } from 'node:http2';
import type { GrpcMethod } from '../contract/grpc.ts';
import type { CloseReason } from '../contract/loadDriver.ts';
import type { Protocol } from '../contract/pushServer.ts';
import type { ClientSecurity } from '../contract/security.ts';
import type { Reading, Said } from './driverFixture.ts';
import type { ScriptedStream } from './h2ScriptedServer.ts';

/** An answer over HTTP/2, and what a driver has to make of it. */
export interface H2Reading extends Omit<Reading, 'answer'> {
  /** @default that of a good answer */
  readonly head?: OutgoingHttpHeaders;
  readonly body: Buffer;
  /** @default those of a good answer; null: the stream ends without any */
  readonly trailers?: OutgoingHttpHeaders | null;
}

export interface H2Security {
  readonly client: ClientSecurity;
  /** PEM of the server's certificate and key. */
  readonly server: { readonly cert: string; readonly key: string };
}

/** A protocol that streams over HTTP/2: all that the suite of its drivers has to know of it. */
export interface H2Fixture {
  readonly name: string;
  readonly protocol: Protocol;
  readonly path: string;
  readonly grpc: GrpcMethod | null;
  /** Both sides of TLS; null: bytes travel in the clear. */
  readonly security: H2Security | null;
  /** Of a good answer. */
  readonly head: OutgoingHttpHeaders;
  readonly trailers: OutgoingHttpHeaders | null;
  /** What the end in order of a good answer means to the client. */
  readonly endReason: CloseReason;
  /** The client library gives all streams of a connection up at GOAWAY, those too that may go on. */
  readonly probeEndsAtGoaway: boolean;
  readonly ids: readonly string[];
  /** Fields of every request. */
  readonly asks: Readonly<Record<string, string>>;
  readonly readings: readonly H2Reading[];
  encode(said: readonly Said[]): Buffer;
  /** The data within the bytes that a driver handed over, as far as they are compared. */
  dataOf(message: string): string;
  /** The id after which a request resumes; null: it does not. */
  resumesAfter(asked: ScriptedStream): string | null;
}
