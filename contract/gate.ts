import Type, { type Static } from 'typebox';
import { Host } from './result.ts';
import { Verdict } from './resultMeasured.ts';
import { Count, Num, NumOrNull, object, orNull, Str } from './resultShapes.ts';

/** The outcome of one `bench gate`: the one definition of which the TypeScript type and the JSON schema are made. */
export const GATE_SCHEMA_VERSION = 1;

export const GateVerdict = Type.Union([
  Type.Literal('PASS'),
  Type.Literal('FAIL'),
  Type.Literal('INCONCLUSIVE'),
]);

/** What was measured on one side. */
export const GateSide = object({
  /** As it was named: a git ref, a folder, or a result. */
  named: Str,
  kind: Type.Union([Type.Literal('ref'), Type.Literal('directory'), Type.Literal('result')]),
  /** Commit that was measured; null: not known. */
  commit: orNull(Str),
  /** True where files that are not committed were measured too; null: not known. */
  dirty: orNull(Type.Boolean()),
  /** Result file of its runs, from the folder of the gate; a stored result is copied there. */
  result: Str,
  /** Verdicts of its runs, in their order. */
  validity: Type.Array(Verdict),
});

/** Two runs of each side, close together. */
export const GateBlock = object({
  /** `ABBA` or `BAAB`: base is A, head is B. */
  order: Str,
  seconds: Num,
});

/** One metric, base against head. Shares are of the base: 0.05 is 5 % more. */
export const GateMetric = object({
  /** Path in a run of a result. */
  path: Str,
  label: Str,
  unit: Str,
  better: Type.Union([Type.Literal('higher'), Type.Literal('lower')]),
  /** `gate`: it decides; `info`: it is told. */
  role: Type.Union([Type.Literal('gate'), Type.Literal('info')]),
  /** `share`: as a share of the base; `count`: as a difference of counts per run, for what is 0 on most runs. */
  scale: Type.Union([Type.Literal('share'), Type.Literal('count')]),
  /** Change for the worse that is accepted, on that scale; null: an `info`. */
  tolerance: NumOrNull,
  /** Of each run; null: not defined, as a percentile that was lost is. */
  base: Type.Array(NumOrNull),
  head: Type.Array(NumOrNull),
  baseMedian: NumOrNull,
  headMedian: NumOrNull,
  /**
   * Change of head over base on the scale, its interval, and the confidence that the interval has; of all only where enough is there
   * to tell. Positive is more, whether that is better or worse. Where there is a confidence and not an end: it has no number, as where
   * one side is not defined.
   */
  effect: NumOrNull,
  low: NumOrNull,
  high: NumOrNull,
  confidence: NumOrNull,
  /**
   * Of each block that was used: `(ln B1 + ln B2 - ln A1 - ln A2) / 2`, of counts the difference of means; empty where sides were not
   * measured in blocks. 100, of counts 1e12: more on head by no number, since one side is not defined or 0; below 0 the same for less.
   */
  differences: Type.Array(Num),
  /** The smallest change for the worse that would have failed, on the scale, as a positive number: tolerance and half the width of the interval. */
  smallestVisible: NumOrNull,
  /** null: an `info`. */
  verdict: orNull(GateVerdict),
  /** One sentence: why this verdict, and what it needs to be another. */
  why: Str,
});

/** A threshold on the runs of head. */
export const GateThreshold = object({
  text: Str,
  passed: Type.Boolean(),
  /** Worst value of all runs, in the unit of the path; null: not defined. */
  worst: NumOrNull,
  unit: Str,
});

export const GateResult = Type.Object(
  {
    schemaVersion: Type.Literal(GATE_SCHEMA_VERSION),
    tool: object({ name: Type.Literal('pushbench'), version: Str }),
    createdAt: Str,
    /** `aborted`: fewer blocks than asked for. */
    status: Type.Union([Type.Literal('complete'), Type.Literal('aborted')]),
    /** Why fewer; null: all were made. */
    abortReason: orNull(Str),
    command: Type.Array(Str),
    /** `blocks`: both sides in turns on this host; `stored`: at least one side was measured before. */
    mode: Type.Union([Type.Literal('blocks'), Type.Literal('stored')]),
    base: GateSide,
    head: GateSide,
    /** What was driven, and with what load, for a sentence: such as `sse target, scenario steady`. */
    what: Str,
    host: Host,
    blocksAsked: Count,
    blocks: Type.Array(GateBlock),
    /** Left out of the figures of a family, because the generator or the host was the limit there. */
    excluded: Type.Array(object({ run: Str, families: Type.Array(Str), why: Str })),
    /** Where stored results were compared although something differs, what it is. */
    differences: Type.Array(Str),
    verdict: GateVerdict,
    /** One sentence, the first line of every output: verdict, and the smallest regression that could have been seen. */
    headline: Str,
    /** Command that would settle an INCONCLUSIVE; null: nothing to settle, or more measuring would not do it. */
    settle: orNull(Str),
    metrics: Type.Array(GateMetric),
    thresholds: Type.Array(GateThreshold),
  },
  {
    additionalProperties: false,
    $id: 'urn:pushbench:gate:1',
    title: 'pushbench gate',
  },
);

export type GateResult = Static<typeof GateResult>;
export type GateMetric = Static<typeof GateMetric>;
export type GateSide = Static<typeof GateSide>;
export type GateBlock = Static<typeof GateBlock>;
export type GateThreshold = Static<typeof GateThreshold>;
export type GateVerdict = Static<typeof GateVerdict>;
