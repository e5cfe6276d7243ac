import type { CommonRequests } from './control.ts';
import type { BalancePolicy, DirectorySource, Instance } from './discovery.ts';
import type { GrpcMethod } from './grpc.ts';
import type { DriverCounters, LoadDriver, PollFigures, PollingOptions } from './loadDriver.ts';
import type { PublisherPhaseReport } from './publisherControl.ts';
import type { Endpoint, Protocol } from './pushServer.ts';
import type { PhaseSpec } from './schedule.ts';
import type { ClientSecurity, TlsParameters } from './security.ts';

/** How slots read slowly on purpose. */
export interface SlowReaders {
  /** Share of the fleet's bulk slots, 0 to 1. */
  readonly share: number;
  readonly bytesPerSecond: number;
}

/** Where the slots of one worker stand in the whole fleet. */
export interface WorkerStart {
  readonly run: number;
  readonly seed: number;
  readonly protocol: Protocol;
  readonly kind: LoadDriver['kind'];
  /** Connections of the whole fleet, and which of them are this worker's: `[firstSlot, firstSlot + slots)`. */
  readonly fleetSlots: number;
  readonly firstSlot: number;
  readonly slots: number;
  /** Slots of the fleet from here on are probes. */
  readonly firstProbeSlot: number;
  /** Those of the first node first, as many for each node. */
  readonly endpoints: readonly Endpoint[];
  /** Nodes behind them; 1 for a server of the user's own. */
  readonly nodes: number;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly streams: number;
  readonly connectTimeoutMs: number;
  /** Connects under way at once, and how many of them before the first success. */
  readonly maxInFlight: number;
  readonly initialInFlight: number;
  readonly maxRetries: number;
  readonly polling: PollingOptions | null;
  readonly security: ClientSecurity | null;
  readonly streamsPerConnection: number;
  readonly grpc: GrpcMethod | null;
  /** Module and base URL of a driver of the user's own; null: one of ours. */
  readonly custom: { readonly module: string; readonly url: string } | null;
  /** CSV of tokens, read by each worker itself; null: there is none. */
  readonly tokensFile: string | null;
  /** null: nobody reads slowly. */
  readonly slow: SlowReaders | null;
  /** Instances are watched here, and chosen by `balance`; null: `endpoints` is the list, changed by the request `instances`. */
  readonly directory: DirectorySource | null;
  readonly balance: BalancePolicy;
}

/** What a worker whose clients are pushed to over plain TCP is started with beside the rest. */
export const PLAIN_WORKER = {
  polling: null,
  security: null,
  streamsPerConnection: 1,
  grpc: null,
  custom: null,
  tokensFile: null,
  slow: null,
  directory: null,
  balance: 'round_robin',
} as const;

export interface RampRequest {
  /** Positions of the seeded connect order to open: `[fromPosition, toPosition)`. */
  readonly fromPosition: number;
  readonly toPosition: number;
  readonly startUs: number;
  readonly connectPerSecond: number;
}

export interface ConnectionCounts {
  readonly attempted: number;
  readonly established: number;
  readonly live: number;
  readonly failed: number;
  readonly inFlight: number;
  readonly dropped: number;
  readonly reconnects: number;
  readonly churned: number;
  readonly gaveUp: number;
  readonly gaps: number;
}

export interface WorkerProgress extends ConnectionCounts {
  /** Microseconds of the monotonic clock when the last attempt of the ramp was settled; null while it goes on. */
  readonly rampDoneUs: number | null;
  readonly counters: DriverCounters;
  /** Deliveries received and still missing per phase. */
  readonly phases: readonly {
    readonly phase: number;
    readonly received: number;
    readonly missing: number;
  }[];
}

export interface WorkerPhaseReport {
  readonly phase: number;
  readonly expected: number;
  readonly received: number;
  readonly lost: number;
  readonly duplicated: number;
  readonly reordered: number;
  readonly superseded: number;
  readonly unclassified: number;
  readonly exact: boolean;
  /** Received inside the window, whatever the phase of the message. */
  readonly receivedInWindow: number;
  /** Received inside the window by second of receipt, from the start of the phase. */
  readonly perSecond: readonly number[];
  readonly delivery: string;
  readonly service: string;
  /** Deliveries of slots beside a probe in the connect order. */
  readonly neighbours: string;
  /** base64 of the deflated `Uint32Array` of `Slices`. */
  readonly slices: string;
  readonly sliceRows: number;
  /** base64 of deflated `Int32Array`s: first and last receipt of each message, microseconds after its intended time; null: not kept. */
  readonly firstReceipts: string | null;
  readonly lastReceipts: string | null;
  /** Deliveries to slots that read slowly on purpose; the other histograms are without them. null: there are none. */
  readonly slow: SlowPhaseReport | null;
  readonly worstSlots: readonly { readonly slot: number; readonly lost: number }[];
  readonly worstMessages: readonly { readonly stream: number; readonly seq: number; readonly lost: number }[];
}

/** What became of the deliveries to slow readers. */
export interface SlowPhaseReport {
  readonly slots: number;
  readonly expected: number;
  readonly received: number;
  readonly receivedInWindow: number;
  readonly lost: number;
  readonly delivery: string;
}

/** What became of each slow reader: every one is in exactly one of the counts. */
export interface SlowSlotCounts {
  readonly slots: number;
  /** Never ended by the server. */
  readonly kept: number;
  /** Ended by the server and live again, by how it ended. */
  readonly back: number;
  /** Ended by the server and away at the end. */
  readonly away: number;
  /** Of all these, told of a gap at least once. */
  readonly gapTold: number;
}

export interface WorkerFleetReport extends ConnectionCounts {
  readonly handshake: string;
  /** From the loss of an established connection until it is back: encoded HdrHistogram, microseconds. */
  readonly reconnect: string;
  /** When the last lost connection came back, microseconds of the monotonic clock; null: none was lost, or some are not back. */
  readonly allBackUs: number | null;
  readonly foreign: number;
  /** TCP connections at the end of the ramp, where streams share them; null: one for each. */
  readonly tcpConnections: number | null;
  /** null: nobody reads slowly. */
  readonly slow: SlowSlotCounts | null;
  /** What TLS agreed on; null: bytes travel in the clear, or the client library hides it. */
  readonly tls: TlsParameters | null;
  readonly failures: readonly { readonly reason: string; readonly detail: string; readonly count: number }[];
  readonly counters: DriverCounters;
  /** Attempted, established and failed by 100 ms from the ramp's start, cumulative. */
  readonly ramp: readonly {
    readonly atMs: number;
    readonly attempted: number;
    readonly established: number;
    readonly failed: number;
  }[];
}

/** A seeded share of the clients ends its half at a moment: from then on their turns go to the others. */
export interface HalfClose {
  /** Of the clients of a room, its first member left out, 0 to 1. */
  readonly share: number;
  /** Whole microseconds of the monotonic clock. */
  readonly atUs: number;
}

export interface SpeakRequest {
  readonly spec: PhaseSpec;
  readonly payloadBytes: number;
  readonly typingShare: number;
  /** null: all go on speaking. */
  readonly halfClose: HalfClose | null;
}

/** What the clients of one worker said and heard in a phase, beyond what is in the ledger. */
export interface ChatPhaseReport {
  /** Said and taken. */
  readonly messages: number;
  readonly typing: number;
  /** From the intended time until the sender saw its own message: encoded HdrHistogram, microseconds. */
  readonly echo: string;
  /** Members that ended their half, and those that only fell silent because their protocol knows no such thing. */
  readonly halfClosed: number;
  readonly halfCloseRefused: number;
  /** Messages due to members that had ended their half, from then on. */
  readonly halfClosedExpected: number;
  readonly halfClosedReceived: number;
  /** TCP connections that are open now, those of the uplinks included. */
  readonly tcpConnections: number;
}

export type WorkerRequests = CommonRequests & {
  start: { request: WorkerStart; answer: null };
  ramp: { request: RampRequest; answer: null };
  /** Ends the ramp: what is not established now is not expected. */
  settle: { request: null; answer: ConnectionCounts };
  phase: { request: PhaseSpec; answer: null };
  progress: { request: null; answer: WorkerProgress };
  churn: { request: { readonly perSecond: number }; answer: null };
  /** Slots that read slowly on purpose do so no longer. */
  releaseSlow: { request: null; answer: null };
  /** Cuts every live connection at once; the clients come back by their own rules. Answers how many were cut. */
  cut: { request: null; answer: number };
  /** null: the protocol does not poll. */
  polls: { request: null; answer: PollFigures | null };
  /** The worker's slots say their part of a phase themselves; answered as the publisher does. */
  speak: { request: SpeakRequest; answer: PublisherPhaseReport };
  /** The slots that a phase's {@link HalfClose} names end their half now. Answers how many could. */
  endUplinks: { request: { readonly phase: number }; answer: number };
  /** Ends what is being said early. */
  hush: { request: null; answer: null };
  /** What was said and heard in a phase, once it is over. */
  chat: { request: { readonly phase: number }; answer: ChatPhaseReport };
  /** The static list of instances has changed: what is lost from now on comes back to one of these. */
  instances: { request: readonly Instance[]; answer: null };
  /** Figures of a phase; its ledger is freed. */
  collect: {
    request: {
      readonly phase: number;
      /** Messages from this schedule index on were not sent, so they are not expected; null: all were. */
      readonly untilIndex: number | null;
    };
    answer: WorkerPhaseReport;
  };
  fleet: { request: null; answer: WorkerFleetReport };
};
