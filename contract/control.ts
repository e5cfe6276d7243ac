import type { LinkSpec } from './link.ts';
import type { BusKind, Endpoint, ServerCapabilities, ServerOptions, ServerStats } from './pushServer.ts';

/**
 * Control messages between the coordinator and the roles: requests with one answer each, and a few notices.
 * All are plain JSON and stay under 1 MB, so that they can travel over a network later.
 */
export type Frame =
  | { readonly kind: 'request'; readonly id: number; readonly type: string; readonly body: unknown }
  | { readonly kind: 'answer'; readonly id: number; readonly ok: true; readonly body: unknown }
  | { readonly kind: 'answer'; readonly id: number; readonly ok: false; readonly error: string }
  | { readonly kind: 'notice'; readonly type: string; readonly body: unknown };

/** What a role says of its own process; what accumulates counts since the last `mark`. */
export interface SelfSample {
  readonly heapUsedBytes: number;
  readonly externalBytes: number;
  readonly rssBytes: number;
  readonly loopDelayP99Us: number;
  readonly loopDelayMaxUs: number;
  /** Longest time between two beats of a 20 ms timer, beyond those 20 ms. */
  readonly latenessMaxUs: number;
  /** Longest gap between two beats in which under a tenth of a core was used and wanted: the process stood still. */
  readonly stalledGapUs: number;
  /** Longest such gap that the process spent waiting for a core that others had. */
  readonly starvedGapUs: number;
  readonly utilisation: number;
  readonly gcCount: number;
  readonly gcPauseUs: number;
  readonly gcPauseMaxUs: number;
  readonly allocatedBytes: number | null;
  readonly sockets: number | null;
  readonly timers: number | null;
}

export interface SampleRequest {
  /** Collect garbage first, where the process can. */
  readonly gc: boolean;
  /** Start the cumulative figures anew afterwards. */
  readonly mark: boolean;
  /** Count handles and timers as well: 2 ms at 20,000 connections. */
  readonly handles: boolean;
}

/** Requests every role answers. */
export type CommonRequests = {
  sample: { request: SampleRequest; answer: SelfSample };
  /** The clock that the role stamps with, microseconds. */
  clock: { request: null; answer: number };
  stop: { request: null; answer: null };
};

export type ServerNodeRequests = CommonRequests & {
  start: {
    request: { readonly stage: string; readonly variant: string; readonly options: ServerOptions };
    answer: {
      readonly endpoints: readonly Endpoint[];
      /** Where messages are posted; null: at the first endpoint. */
      readonly ingest: Endpoint | null;
      readonly capabilities: ServerCapabilities;
    };
  };
  stats: { request: null; answer: ServerStats };
  /** Answered when every client has gone, or was ended after `graceMs`. */
  drain: { request: { readonly graceMs: number }; answer: null };
  profileStart: {
    request: { readonly kind: 'cpu' | 'heap'; readonly intervalUs: number };
    answer: null;
  };
  profileStop: { request: { readonly path: string }; answer: { readonly samples: number } };
};

/** The process that keeps the bus of a run: a hub of our own, or a private redis-server that ends with it. */
export type BrokerRequests = CommonRequests & {
  start: {
    request: { readonly kind: BusKind };
    /** `pid`: the process that does the work; `name`: with its version, for the report. */
    answer: { readonly url: string; readonly pid: number; readonly name: string };
  };
};

/** The process that keeps the directory of a run: a private etcd that ends with it. */
export type DirectoryRequests = CommonRequests & {
  start: {
    request: null;
    /** `pid`: the process that does the work; `name`: with its version, for the report. */
    answer: { readonly url: string; readonly pid: number; readonly name: string };
  };
};

/** One address of the relay, and the server behind it. */
export interface LinkRoute {
  readonly listen: Endpoint;
  readonly to: Endpoint;
}

export interface LinkStart {
  readonly link: LinkSpec;
  /** Of the jitter. */
  readonly seed: number;
  readonly routes: readonly LinkRoute[];
}

/** The relay that emulates a slower network between clients and servers. */
export type LinkRequests = CommonRequests & {
  /** Answers where each route is reached, in their order. */
  start: { request: LinkStart; answer: readonly Endpoint[] };
  /** p99 of how late it passed things on since the last time that this was asked, microseconds; null: nothing passed. */
  lateness: { request: null; answer: number | null };
};
