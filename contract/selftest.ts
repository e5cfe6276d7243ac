import Type, { type Static } from 'typebox';
import { Host } from './result.ts';
import { Verdict } from './resultMeasured.ts';
import { Count, Num, NumOrNull, object, orNull, Str } from './resultShapes.ts';

/** The outcome of one `bench selftest`: the one definition of which the TypeScript type and the JSON schema are made. */
export const SELFTEST_SCHEMA_VERSION = 1;

/** One claim about the harness, beside what it measured. */
export const SelftestRow = object({
  /** Name of the case that the row is of. */
  case: Str,
  claim: Str,
  /** As they are shown: a figure with its unit, or words. */
  expected: Str,
  measured: Str,
  tolerance: Str,
  /** Of rows that compare figures; units are those shown. */
  figures: orNull(object({ expected: Num, measured: NumOrNull, tolerance: Num })),
  /** `void`: the host disturbed every attempt, so nothing was shown; `info`: told beside the claims, not judged. */
  verdict: Type.Union([
    Type.Literal('pass'),
    Type.Literal('fail'),
    Type.Literal('void'),
    Type.Literal('info'),
  ]),
});

export const SelftestCaseResult = object({
  name: Str,
  title: Str,
  /** Attempts that the host disturbed are made again. */
  attempts: Count,
  /** Why attempts were made again. */
  disturbances: Type.Array(Str),
  durationMs: Num,
  rows: Type.Array(SelftestRow),
});

/** One metric over runs of the same build: what differs is noise. */
export const NoiseRow = object({
  /** Path in a run of a result. */
  metric: Str,
  /** Of each run, in order; null: not defined, or INVALID in that run, so that no comparison would use it. */
  values: Type.Array(NumOrNull),
  /** Of the values that there are, like all that follows; null: there are none. */
  mean: NumOrNull,
  /** Standard deviation / mean; null: fewer than two values, or a mean of 0. */
  cv: NumOrNull,
  min: NumOrNull,
  max: NumOrNull,
  /** Neighbouring groups of these runs, held against each other as `bench compare` does; null: nowhere enough runs to tell. */
  falseAlarms: orNull(object({ comparisons: Count, alarms: Count })),
});

/** Runs of one build against itself. */
export const NoiseStudy = object({
  stage: Str,
  scenario: Str,
  /** Asked for; fewer were made where it was interrupted. */
  runs: Count,
  /** Of each run that was made. */
  verdicts: Type.Array(Verdict),
  /** Runs on each side of a comparison that may raise a false alarm. */
  runsPerSide: Count,
  /** How often the rule may call two equal groups of that size different, by its own arithmetic. */
  level: Num,
  rows: Type.Array(NoiseRow),
});

export const SelftestResult = object({
  schemaVersion: Type.Literal(SELFTEST_SCHEMA_VERSION),
  tool: object({ name: Type.Literal('pushbench'), version: Str }),
  createdAt: Str,
  host: Host,
  quick: Type.Boolean(),
  seed: Type.Integer(),
  durationMs: Num,
  status: Type.Union([Type.Literal('complete'), Type.Literal('aborted')]),
  /** `not shown`: no claim failed, and the host or an interrupt kept some from being shown. */
  verdict: Type.Union([Type.Literal('pass'), Type.Literal('fail'), Type.Literal('not shown')]),
  cases: Type.Array(SelftestCaseResult),
  /** Of `--aa`; null: not asked for. */
  noise: orNull(NoiseStudy),
});

export type SelftestRow = Static<typeof SelftestRow>;
export type SelftestCaseResult = Static<typeof SelftestCaseResult>;
export type NoiseRow = Static<typeof NoiseRow>;
export type NoiseStudy = Static<typeof NoiseStudy>;
export type SelftestResult = Static<typeof SelftestResult>;
