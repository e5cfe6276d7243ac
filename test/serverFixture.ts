import type { IncomingHttpHeaders } from 'node:http';
import type { TestContext } from 'node:test';
import type { Encoding, Endpoint } from '../contract/pushServer.ts';

/** What reached a subscriber, whatever the protocol. */
export type Received =
  | {
      readonly kind: 'message';
      readonly id: number;
      /** null where the encoding does not carry it. */
      readonly topic: string | null;
      readonly body: Buffer;
    }
  | { readonly kind: 'gap'; readonly from: number | null; readonly to: number };

export interface SubscribeOptions {
  /** @default 't1' */
  readonly topic?: string;
  /** In the header where the protocol has one, else in the query. */
  readonly lastEventId?: string;
  /** Added to the query of the request, beginning with `&`. */
  readonly query?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** As the server was started. @default 'text' */
  readonly encoding?: Encoding;
}

/** A subscriber as a test sees it: what it received, in order. */
export interface Subscriber {
  /** Of the answer that opened it. */
  readonly headers: IncomingHttpHeaders;
  /** The next of what it received. Rejects where the server ends it first. */
  next(): Promise<Received>;
  take(count: number): Promise<Received[]>;
  /** When the server has ended it. */
  closed(): Promise<void>;
  /** Goes away with no word, as a client that crashed. */
  close(): void;
}

/** How a subscription is asked for over HTTP/1.1. */
export interface Http1Subscription {
  /** Without its query. */
  readonly path: string;
  /** Head of a request for a subscription, e.g. to `?topic=t1`, as it goes over the wire. */
  request(query: string): string;
  /** How the answer to it begins. */
  readonly accepted: RegExp;
}

/** How a subscription ended that was refused. */
export interface Refused {
  /** `invalid`: it asks for what cannot be; `full`: there is no room for it. */
  readonly why: 'invalid' | 'full';
  /** Seconds; null: it is not told when to come back. */
  readonly retryAfter: number | null;
}

/** What the server suite has to know of a protocol. */
export interface ServerFixture {
  /** null: subscribers have a port of their own, which does not speak it. */
  readonly http1: Http1Subscription | null;
  /** Resolves when the server delivers to it; closed when the test ends. */
  subscribe(t: TestContext, endpoint: Endpoint, options?: SubscribeOptions): Promise<Subscriber>;
  /** Asks for a subscription, e.g. with `?topic=t1`, that will be refused. */
  refusal(t: TestContext, endpoint: Endpoint, query: string): Promise<Refused>;
  /** Subscribes to `t1` and reads nothing of what comes; closed when the test ends. */
  stopReading(t: TestContext, endpoint: Endpoint): Promise<void>;
  /** Last ids that the protocol can carry and that no server has given. */
  readonly neverAssigned: readonly string[];
  /** Bodies that are no UTF-8 come back as they were, whatever the encoding. */
  readonly carriesBytes: boolean;
  /** What of a body of text comes back in the encoding `text`. */
  arrives(body: string): string;
  /** A subscriber is one connection for as long as it lives, and counted as such; a poller is not. */
  readonly isConnection: boolean;
  /** The last id may stand in the header `Last-Event-ID`, and then goes before the query. */
  readonly resumesByHeader: boolean;
  /** Pages of other origins read it by the rules of CORS. */
  readonly hasCors: boolean;
}
