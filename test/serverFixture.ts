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

/** What the server suite has to know of a protocol. */
export interface ServerFixture {
  /** Path of a subscription, without its query. */
  readonly path: string;
  /** Resolves when the server delivers to it; closed when the test ends. */
  subscribe(t: TestContext, endpoint: Endpoint, options?: SubscribeOptions): Promise<Subscriber>;
  /** Head of a request for a subscription, e.g. to `?topic=t1`, as it goes over the wire. */
  request(query: string): string;
  /** How the answer to it begins. */
  readonly accepted: RegExp;
  /** What of a body of text comes back in the encoding `text`. */
  arrives(body: string): string;
  /** A subscriber is one connection for as long as it lives, and counted as such; a poller is not. */
  readonly isConnection: boolean;
  /** The last id may stand in the header `Last-Event-ID`, and then goes before the query. */
  readonly resumesByHeader: boolean;
  /** Pages of other origins read it by the rules of CORS. */
  readonly hasCors: boolean;
}
