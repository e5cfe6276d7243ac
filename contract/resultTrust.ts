import Type, { type Static } from 'typebox';
import { Interval } from './resultMeasured.ts';
import { Count, Num, NumOrNull, object, orNull, Str } from './resultShapes.ts';

// Figures that say how far other figures can be trusted.

/** How a percentile of the second half of the window differs from that of the first. */
const HalfDifference = object({
  differenceUs: Num,
  /** 95 %, bootstrapped over messages. */
  interval: Interval,
});

/** Whether the run had settled: what did not is told, not averaged away. */
export const SteadyState = object({
  verdict: Type.Union([
    Type.Literal('steady'),
    Type.Literal('no steady state'),
    /** Too few messages or slices to tell. */
    Type.Literal('not told'),
    /** A fault or a load shape is meant to change the window. */
    Type.Literal('not judged'),
  ]),
  halves: object({ p50: orNull(HalfDifference), p99: orNull(HalfDifference) }),
  /** Of the medians of short slices of the window over time. */
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

/** What the generator can take at most, from a server that does the least work possible. */
export const GeneratorCeiling = object({
  /** On this host, of messages of this size over this protocol. */
  deliveriesPerSecond: Num,
  protocol: Str,
  payloadBytes: Count,
  /** Deliveries per second of this run, offered, over the ceiling. */
  loadShare: NumOrNull,
  measuredAt: Str,
});

export type SteadyState = Static<typeof SteadyState>;
export type GeneratorCeiling = Static<typeof GeneratorCeiling>;
