import Type, { type Static } from 'typebox';
import { Count, LatencyStats, Num, NumOrNull, object, Str } from './resultShapes.ts';

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

export type Polling = Static<typeof Polling>;
export type BusFigures = Static<typeof BusFigures>;
export type FaultFigures = Static<typeof FaultFigures>;
export type ClosedLoop = Static<typeof ClosedLoop>;
export type CeilingStep = Static<typeof CeilingStep>;
