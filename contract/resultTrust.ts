import Type, { type Static } from 'typebox';
import { Count, Num, NumOrNull, object, orNull, Str } from './resultShapes.ts';

// Figures that say how far other figures can be trusted.

/** How a percentile of the second half of the window differs from that of the first. */
const HalfDifference = object({
  differenceUs: Num,
  /** 98.3 % (three tests, 95 % for all of them), bootstrapped over messages, microseconds. */
  interval: object({ low: Num, high: Num }),
});

/** Whether the run had settled: what did not is told, not averaged away. */
export const SteadyState = object({
  verdict: Type.Union([
    Type.Literal('steady'),
    Type.Literal('no steady state'),
    /** Too few messages to tell. */
    Type.Literal('not told'),
    /** A fault or a load shape is meant to change the window. */
    Type.Literal('not judged'),
  ]),
  halves: object({ p50: orNull(HalfDifference), p99: orNull(HalfDifference) }),
  /** Of the medians of 20 stretches of the window over time. */
  trend: orNull(
    object({
      slices: Count,
      /** Theil–Sen, microseconds of latency per second of the window. */
      slopeUsPerSecond: Num,
      /** Over the whole window, microseconds. */
      changeUs: Num,
      /** Mann–Kendall, two-sided. */
      p: Num,
    }),
  ),
});

/** The most that one load worker took on this host from servers that do nothing but send. */
const TakenCeiling = {
  /** Of one message to one subscriber per write; protocol `poll`: polls answered per second, one message in each. */
  deliveriesPerSecond: Num,
  protocol: Str,
  payloadBytes: Count,
  streamsPerConnection: Count,
  /** Subscribers it was measured with. */
  connections: Count,
  /** CPU of the load worker, and of the servers that did nothing but send. */
  generatorUsPerDelivery: NumOrNull,
  serverUsPerDelivery: NumOrNull,
  /** Read- and write-like system calls of the load worker: about one where each read brought one message. */
  generatorSyscallsPerDelivery: NumOrNull,
  /** Cores that other work on the host took meanwhile. */
  othersCores: NumOrNull,
  measuredAt: Str,
};

/** A ceiling as it is kept for later runs on the same host. */
export const KeptCeiling = object(TakenCeiling);

/** What the generator can take at most, from a server that does the least work possible. */
export const GeneratorCeiling = object({
  ...TakenCeiling,
  /** Deliveries per second of this run, offered; polls sent per second where clients poll on an interval. null: no load of its own. */
  offeredPerSecond: NumOrNull,
  /** `offeredPerSecond` over the ceiling. */
  loadShare: NumOrNull,
});

export type SteadyState = Static<typeof SteadyState>;
export type KeptCeiling = Static<typeof KeptCeiling>;
export type GeneratorCeiling = Static<typeof GeneratorCeiling>;
