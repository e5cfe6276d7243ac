import type { PublishBody } from './config.ts';
import type { CommonRequests } from './control.ts';
import type { BalancePolicy, DirectorySource, Instance } from './discovery.ts';
import type { PublishFields } from './grpc.ts';
import type { ServerCapabilities } from './pushServer.ts';
import type { PhaseSpec } from './schedule.ts';
import type { ClientSecurity } from './security.ts';

export interface PublisherStart {
  readonly run: number;
  readonly streams: number;
  readonly payloadBytes: number;
  /** Where each message goes: one URL per node; `{topic}` in a URL is replaced. */
  readonly urls: readonly string[];
  /** Post to each URL (`every-node`) or to one in turn (`any-node`). */
  readonly publishTo: ServerCapabilities['publishTo'];
  readonly batch: boolean;
  readonly depth: number;
  readonly headers: Readonly<Record<string, string>>;
  /** The topic travels in the `x-topic` header. */
  readonly topicHeader: boolean;
  /** null: plain TCP. */
  readonly security: ClientSecurity | null;
  /** Unary calls over gRPC in place of posts, to instances that are found and chosen so; null: posts to `urls`. */
  readonly calls: PublishCalls | null;
  /** What stands around the payload in a posted body; null: nothing. */
  readonly body: PublishBody | null;
  /** Module and base URL of a driver of the user's own that publishes; null: messages are posted or called. */
  readonly custom: { readonly module: string; readonly url: string } | null;
}

/** What a publisher that posts over plain TCP is started with beside the rest. */
export const PLAIN_PUBLISHER = { security: null, calls: null, body: null, custom: null } as const;

/** How unary calls find their instances. */
export interface PublishCalls {
  readonly path: string;
  readonly fields: PublishFields;
  readonly balance: BalancePolicy;
  /** null: `instances` is the list, and its changes are told by the request `instances`. */
  readonly directory: DirectorySource | null;
  readonly instances: readonly Instance[];
}

export interface PublisherPhaseReport {
  readonly phase: number;
  readonly attempted: number;
  readonly sent: number;
  readonly refused: number;
  readonly failed: number;
  readonly unsent: number;
  /** Posted again to another node, because the first one's connection broke before it answered. */
  readonly retried: number;
  readonly failures: readonly { readonly detail: string; readonly count: number }[];
  /** From the first to the last message sent, microseconds. */
  readonly sendingUs: number;
  readonly sendLag: string;
  /** The publisher's own part of the send lag: what waits for the server's answers to earlier messages is not in it. */
  readonly lateness: string;
  readonly ack: string;
}

export type PublisherRequests = CommonRequests & {
  start: { request: PublisherStart; answer: null };
  /** Answered when the last message of the phase has been answered, or the connection is gone. */
  phase: { request: PhaseSpec; answer: PublisherPhaseReport };
  /** A node is about to be taken away: nothing more is posted to it, and what was is not waited for. */
  forget: { request: { readonly node: number }; answer: null };
  /** The static list of instances has changed. */
  instances: { request: readonly Instance[]; answer: null };
  /** Ends the running phase early. */
  abort: { request: null; answer: null };
};
