/** A pair of water marks: above `high` nothing more is taken, until the level is down at `low`. */
export interface WaterMarks {
  readonly high: number;
  readonly low: number;
}

/** Application-level flow control: what may be under way to one subscriber, and to all of a node together. */
export interface FlowLimits {
  /** Messages written and not yet taken by the subscriber's socket. @default 4096, 2048 */
  readonly connectionMessages: WaterMarks;
  /** Bytes of the same. @default 1048576, 524288 */
  readonly connectionBytes: WaterMarks;
  /** All subscribers of the node and what waits for its fan-out. @default 4194304, 2097152 */
  readonly serverMessages: WaterMarks;
  /** @default 268435456, 134217728 */
  readonly serverBytes: WaterMarks;
  /** What a client that was refused is told to wait, milliseconds. @default 1000 */
  readonly retryAfterMs: number;
}

/** Marks around a limit: what was refused is taken again at half of it. */
export function waterMarks(high: number): WaterMarks {
  return { high, low: Math.floor(high / 2) };
}

export const DEFAULT_FLOW_LIMITS: FlowLimits = {
  connectionMessages: waterMarks(4_096),
  connectionBytes: waterMarks(1_048_576),
  serverMessages: waterMarks(4_194_304),
  serverBytes: waterMarks(268_435_456),
  retryAfterMs: 1_000,
};

/** What the flow control of a node saw since it started. */
export interface FlowStats {
  /** Messages and bytes under way now, all subscribers together. */
  readonly levelMessages: number;
  readonly levelBytes: number;
  /** Highest level of one subscriber that was seen. */
  readonly peakConnectionMessages: number;
  readonly peakConnectionBytes: number;
  /** Publishes refused because the node was above a mark. */
  readonly refusedPublishes: number;
  /** Subscribers that were ended because they were above a mark. */
  readonly refusedSubscribers: number;
  /** Times that a subscriber's socket took no more for the moment. */
  readonly stalls: number;
}

export const NO_FLOW: FlowStats = {
  levelMessages: 0,
  levelBytes: 0,
  peakConnectionMessages: 0,
  peakConnectionBytes: 0,
  refusedPublishes: 0,
  refusedSubscribers: 0,
  stalls: 0,
};
