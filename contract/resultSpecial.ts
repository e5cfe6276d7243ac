import Type, { type Static } from 'typebox';
import { Count, CountOrNull, LatencyStats, Num, NumOrNull, object, orNull, Str } from './resultShapes.ts';

// What only some runs measure: a ceiling, polls, a bus, a fault, a closed loop.

export const CeilingStep = object({
  ratePerSecond: Num,
  deliveriesPerSecond: Num,
  latencyUs: NumOrNull,
  lost: Count,
  refused: Count,
  passed: Type.Boolean(),
  reason: Str,
});

export const Ceiling = object({
  ratePerSecond: NumOrNull,
  deliveriesPerSecond: NumOrNull,
  limitedBy: Str,
  sloUs: Num,
  sloQuantile: Num,
  steps: Type.Array(CeilingStep),
});

export const Polling = object(
  {
    intervalMs: Num,
    sentPerSecond: Num,
    sent: Count,
    answered: Count,
    empty: Count,
    failed: Count,
    /** Polls that were due while the one before was still under way. */
    skipped: Count,
    wastedRatio: NumOrNull,
    /** Messages per stream and poll interval: what the wasted ratio depends on. */
    eventsPerPollInterval: NumOrNull,
    /** 1 - connections opened / polls sent. */
    connectionReuseRatio: NumOrNull,
    bytesPerEmptyPoll: NumOrNull,
    scheduleErrorUs: LatencyStats,
    roundTripUs: LatencyStats,
  },
  'What only a polling stage has; counts of the measured window, bulk clients',
);

export const BusFigures = object({
  kind: Str,
  /** Name and version of what was measured, e.g. `redis-server 7.0.15`. */
  broker: Str,
  /** True where the user gave the address of a bus that runs elsewhere. */
  isGiven: Type.Boolean(),
  hopUs: LatencyStats,
  received: Count,
  lost: Type.Integer({ minimum: 0, description: 'Messages that a node never got from the bus' }),
  publishFailed: Count,
  reconnects: Count,
  brokerRssBytes: NumOrNull,
});

export const PhaseLatency = object({ p50: NumOrNull, p99: NumOrNull, max: NumOrNull, deliveries: Count });
export const FaultFigures = object(
  {
    kind: Str,
    /** From the start of the window. */
    atMs: Num,
    connectionsHit: Count,
    connectionsBack: Count,
    /** From the fault until every connection was back; null: not all came back. */
    recoveredMs: NumOrNull,
    /** From the loss of a connection until it was back. */
    reconnectUs: LatencyStats,
    before: PhaseLatency,
    during: PhaseLatency,
    after: PhaseLatency,
    /** Deliveries lost that nothing here promises to bring back, and why. */
    note: Str,
  },
  'What was broken in the window; latency by intended time, microseconds',
);

export const ClosedLoop = object(
  {
    tool: Str,
    connections: Count,
    seconds: Num,
    requestsPerSecond: Num,
    p50Us: NumOrNull,
    p99Us: NumOrNull,
    errors: Count,
    non2xx: Count,
  },
  'Closed-loop saturation: each connection asks again as soon as it is answered, so its latency is not comparable',
);

export const SecurityFigures = object(
  {
    kind: Type.Union([Type.Literal('plain'), Type.Literal('tls'), Type.Literal('mtls-jwt')]),
    /** As negotiated by the workers, e.g. `TLSv1.3`; null: plain. */
    tlsVersion: orNull(Str),
    cipher: orNull(Str),
    /** Handshakes and requests that the servers turned away, by reason. */
    unauthenticated: Type.Array(object({ reason: Str, count: Count })),
  },
  'How connections were protected',
);

export const FlowFigures = object(
  {
    limitMessages: Count,
    limitBytes: Count,
    /** Highest level of one subscriber since its node started, over all nodes. */
    peakConnectionMessages: Count,
    peakConnectionBytes: Count,
    refusedPublishes: Count,
    refusedSubscribers: Count,
    stalls: Count,
  },
  'Application-level flow control of the server nodes: counts from the start of the window to its end, peaks since they started',
);

export const SlowFigures = object(
  {
    share: Num,
    bytesPerSecond: Num,
    slots: Count,
    expected: Count,
    received: Count,
    lost: Count,
    /** Never ended by the server; ended and back; ended and away at the end: each slow client is in one of the three. */
    kept: Count,
    back: Count,
    away: Count,
    /** Of all these, told of a gap. */
    gapTold: Count,
    delivery: LatencyStats,
  },
  'Clients that read slowly on purpose; the latency of the run is that of the others',
);

export const RestartedInstance = object({
  nodeId: Str,
  /** From the start of the window, milliseconds. */
  drainAtMs: Num,
  drainedMs: Num,
  /** From the drain until the instance that replaces it takes connections. */
  replacedMs: Num,
});

export const RollingFigures = object(
  {
    discovery: Str,
    balance: Str,
    instances: Type.Array(RestartedInstance),
    /** Streams that had to move. */
    moved: Count,
    callsFailed: Count,
    /** Calls that the client tried again at another instance by itself. */
    callsRetried: Count,
  },
  'Instances that drained and came back one by one in the window',
);

export const ChatFigures = object(
  {
    /** `stream`: on the connection that receives; `post`: by requests beside it. */
    uplink: Str,
    /** Said and taken, typing notices included. */
    messages: Count,
    typing: Count,
    /** From the intended time until the sender sees its own message: up and down. */
    echoUs: LatencyStats,
    /** Members that ended their half and went on receiving; and those that asked to and could not. */
    halfClosed: Count,
    halfCloseRefused: Count,
    /** Expected and received by members that had ended their half. */
    halfClosedExpected: Count,
    halfClosedReceived: Count,
    /** TCP connections of all clients, uplinks included. */
    tcpConnections: CountOrNull,
  },
  'Clients that speak themselves: the uplink is in the ledger as the downlink is',
);

export type Polling = Static<typeof Polling>;
export type BusFigures = Static<typeof BusFigures>;
export type FaultFigures = Static<typeof FaultFigures>;
export type ClosedLoop = Static<typeof ClosedLoop>;
export type SecurityFigures = Static<typeof SecurityFigures>;
export type FlowFigures = Static<typeof FlowFigures>;
export type SlowFigures = Static<typeof SlowFigures>;
export type RestartedInstance = Static<typeof RestartedInstance>;
export type RollingFigures = Static<typeof RollingFigures>;
export type ChatFigures = Static<typeof ChatFigures>;
export type CeilingStep = Static<typeof CeilingStep>;
