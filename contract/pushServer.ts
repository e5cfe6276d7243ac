import type { Registration } from './discovery.ts';
import { DEFAULT_FLOW_LIMITS, type FlowLimits, type FlowStats } from './flow.ts';
import type { GrpcMethod } from './grpc.ts';
import type { InstrumentSpec } from './knownAnswer.ts';
import type { ServerSecurity } from './security.ts';

/** How much effort a variant stands for; exactly one variant of a stage is its default, an idiomatic one. */
export type VariantTag = 'naive' | 'idiomatic' | 'tuned';

/** Wire protocol of a stage: names the driver that speaks it. `custom`: the user's own driver does. */
export type Protocol = BuiltInProtocol | 'custom';

/** Those that are spoken here. */
export type BuiltInProtocol = 'sse' | 'sse-h2' | 'ws' | 'poll' | 'grpc';

/** What carries a message from the node that took it to the others; see `servers/bus/`. */
export type BusKind = 'embedded' | 'redis-pubsub' | 'redis-streams';

/** What a server can do: differences between stages are data, never a branch on a name. */
export interface ServerCapabilities {
  readonly protocol: Protocol;
  /** Path of a subscription with its query; `{topic}` is replaced by the topic name. */
  readonly streamPath: string;
  /** `message`: each message reaches each subscriber. `state`: an answer shows the newest, and with it all before it. */
  readonly shows: 'message' | 'state';
  /** How clients ask again: on an `interval`, at once where the server `held` the request, or never (null: push). */
  readonly polling: 'interval' | 'held' | null;
  /** What the nodes need between them; null: they are independent. */
  readonly bus: BusKind | null;
  /** `any-node`: a bus spreads a message to all nodes; `every-node`: the publisher posts to each. */
  readonly publishTo: 'any-node' | 'every-node';
  /** Accepts many messages in one body, see `contract/ingest.ts`. */
  readonly ingestBatch: boolean;
  /** A client that names the last id it saw gets what it missed. */
  readonly resume: boolean;
  /** Many subscriptions may share one connection (HTTP/2): `streamsPerConnection` of the workload applies. */
  readonly multiplexes: boolean;
  /** How a client says something itself: on its `stream`, by a `post` beside it, or not at all. */
  readonly uplink: 'stream' | 'post' | null;
  /** Joins a bus where it is given one: then its nodes are instances of one service. */
  readonly joinsBus: boolean;
  /** How a gRPC client subscribes; null: another protocol. */
  readonly grpc: GrpcMethod | null;
}

export interface Endpoint {
  readonly host: string;
  readonly port: number;
}

export type Encoding = 'json' | 'text' | 'protobuf';
export type HeartbeatStyle = 'comment' | 'event' | 'none';

/** What bounds everything that comes from outside. */
export interface ServerLimits {
  /** Live connections per node. @default 200000 */
  readonly maxConnections: number;
  /** Time for a complete request head, milliseconds. @default 10000 */
  readonly headerTimeoutMs: number;
  /** Bytes of a request head. @default 8192 */
  readonly maxHeaderBytes: number;
  /** Bytes of one publish body, single or batch. @default 1048576 */
  readonly maxPublishBytes: number;
}

export const DEFAULT_SERVER_LIMITS: ServerLimits = {
  maxConnections: 200_000,
  headerTimeoutMs: 10_000,
  maxHeaderBytes: 8_192,
  maxPublishBytes: 1_048_576,
};

export interface ServerOptions {
  /** One listening socket per entry; port 0 takes a free one. Loopback unless the user asked otherwise. */
  readonly listen: readonly Endpoint[];
  /** Where /metrics lives when it has an address of its own; null: on every listening socket. */
  readonly metrics: Endpoint | null;
  readonly encoding: Encoding;
  readonly heartbeat: HeartbeatStyle;
  /** Milliseconds between heartbeats. @default 15000 */
  readonly heartbeatMs: number;
  /** WebSocket, gRPC: milliseconds between pings. @default 25000 */
  readonly pingMs: number;
  /** WebSocket, gRPC: time for the pong before the peer is evicted, milliseconds. @default 8000 */
  readonly pongTimeoutMs: number;
  /** Polling: time that the store behind each poll takes, milliseconds. @default 0 */
  readonly backendDelayMs: number;
  /** Polling: how long a keep-alive connection may rest between two polls, milliseconds. @default 15000 */
  readonly keepAliveMs: number;
  /** Long polling: how long a request is held without an event, milliseconds. @default 25000 */
  readonly holdMs: number;
  /** Name of this node, unique in its cluster. @default 'n1' */
  readonly nodeId: string;
  /** Where the bus is, e.g. `redis://127.0.0.1:6379` or `tcp://127.0.0.1:4000`; null: this node needs none. @default null */
  readonly busUrl: string | null;
  /** Reconnect delay told to clients, milliseconds; null: none is told. @default null */
  readonly retryMs: number | null;
  /** Events kept for resume, in all topics together. @default 8192 */
  readonly replayEvents: number;
  /** Bytes of event data kept for resume, in all topics together. @default 16777216 */
  readonly replayBytes: number;
  /** Browser origins that may read the stream; empty: none. */
  readonly allowedOrigins: readonly string[];
  /** null: plain TCP. @default null */
  readonly security: ServerSecurity | null;
  readonly flow: FlowLimits;
  /** What an instrument does wrong; reference servers take no notice. null: nothing. @default null */
  readonly instrument: InstrumentSpec | null;
  /** Where the node makes itself known, from when it listens until it drains; null: nowhere. @default null */
  readonly registration: Registration | null;
  readonly limits: ServerLimits;
}

export const DEFAULT_SERVER_OPTIONS: Omit<ServerOptions, 'listen'> = {
  metrics: null,
  encoding: 'json',
  heartbeat: 'comment',
  heartbeatMs: 15_000,
  pingMs: 25_000,
  pongTimeoutMs: 8_000,
  backendDelayMs: 0,
  keepAliveMs: 15_000,
  holdMs: 25_000,
  nodeId: 'n1',
  busUrl: null,
  retryMs: null,
  replayEvents: 8_192,
  replayBytes: 16 * 1_048_576,
  allowedOrigins: [],
  security: null,
  flow: DEFAULT_FLOW_LIMITS,
  instrument: null,
  registration: null,
  limits: DEFAULT_SERVER_LIMITS,
};

/** Counts since start; the same numbers that /metrics shows. */
export interface ServerStats {
  /** Live event-stream connections the server believes it has. */
  readonly connections: number;
  readonly accepted: number;
  /** Connections refused because of a limit. */
  readonly refused: number;
  /** Messages accepted by POST /publish. */
  readonly published: number;
  /** Messages written to a subscriber. */
  readonly written: number;
  /** Subscribers cut off for reading too slowly. */
  readonly slowReadersCut: number;
  /** Gap events sent to clients that came back beyond the replay buffer. */
  readonly gaps: number;
  /** null: the node has no bus. */
  readonly bus: BusStats | null;
  readonly flow: FlowStats;
  /** Requests and connections turned away for want of a valid identity, by reason. */
  readonly unauthenticated: Readonly<Record<string, number>>;
}

/** What a node saw of its bus since it started. */
export interface BusStats {
  /** From the hand-over to the bus at the publishing node to the receipt at this one: encoded HdrHistogram, microseconds. */
  readonly hop: string;
  readonly received: number;
  /** Ids that never came: known from the gaps between those that did. */
  readonly lost: number;
  /** Publishes that the bus did not confirm. */
  readonly publishFailed: number;
  readonly reconnects: number;
}

export interface StartedServer {
  /** In the order of `ServerOptions.listen`, with the real ports. */
  readonly endpoints: readonly Endpoint[];
  /** Where `POST /publish` and `/healthz` are, for a protocol that cannot share its port with HTTP/1.1; null: on every endpoint. */
  readonly ingest: Endpoint | null;
  readonly metrics: Endpoint | null;
}

/** One node of a reference server. Lifecycle (once, abort, time-out) is guarded in `servers/lifecycle.ts`. */
export interface PushServer {
  readonly capabilities: ServerCapabilities;
  /** @throws BenchError where an address cannot be bound. */
  start(options: ServerOptions): Promise<StartedServer>;
  stop(): Promise<void>;
  stats(): ServerStats;
  /**
   * Only servers whose instances come and go: takes no more, says so where instances are listed, and tells every client to
   * go to another one. Resolves when all have gone, or were ended after `graceMs`.
   */
  drain?(graceMs: number): Promise<void>;
}

/** One line of the registry. */
export interface VariantInfo {
  readonly name: string;
  readonly tag: VariantTag;
  readonly isDefault: boolean;
  /** One sentence: what step this variant is from its neighbour. */
  readonly summary: string;
  /** What the plan reserves per subscriber in the server process, bytes: the measured slope, rounded up; of a stream at 100 per connection where several share one. */
  readonly plannedBytesPerConnection: number;
  readonly capabilities: ServerCapabilities;
}

export interface StageInfo {
  readonly name: string;
  readonly title: string;
  readonly variants: readonly VariantInfo[];
  /** Builds an unstarted node of a variant. */
  create(variant: string): Promise<PushServer>;
}
