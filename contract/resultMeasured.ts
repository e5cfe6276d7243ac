import Type, { type Static } from 'typebox';
import { Count, CountOrNull, Num, NumOrNull, object, orNull, Str } from './resultShapes.ts';

// What every run measures: validity, memory, CPU, timeline, profiles.

export const Family = Type.Union([
  Type.Literal('latency'),
  Type.Literal('throughput'),
  Type.Literal('memory'),
  Type.Literal('deliveries'),
]);
export const Verdict = Type.Union([Type.Literal('VALID'), Type.Literal('SUSPECT'), Type.Literal('INVALID')]);

export const ValidityReason = object({
  code: Type.String({ description: 'Stable camelCase word, e.g. generatorStalled' }),
  verdict: Verdict,
  families: Type.Array(Family),
  message: Type.String({ description: 'What was seen, with figure and bound' }),
  advice: Type.String({ description: 'What to change' }),
  figure: Num,
  bound: Num,
  unit: Str,
});

export const Validity = object({ verdict: Verdict, reasons: Type.Array(ValidityReason) });

export const Interval = object(
  { low: Num, high: Num },
  '95 % interval between two ranks, counted in independent messages, microseconds',
);

export const ProcessMemory = object(
  {
    rssPerConnectionBytes: NumOrNull,
    pssPerConnectionBytes: NumOrNull,
    heapPerConnectionBytes: NumOrNull,
    externalPerConnectionBytes: NumOrNull,
    /** Under load, over the window: no forced GC. */
    meanRssBytes: NumOrNull,
    peakRssBytes: NumOrNull,
  },
  'Slopes (Theil-Sen over the levels after forced GC, level 0 left out), and resident memory under load',
);

export const RulerSample = object({
  rssBytes: NumOrNull,
  pssBytes: NumOrNull,
  heapBytes: NumOrNull,
  externalBytes: NumOrNull,
});
export const LevelSample = object({
  server: RulerSample,
  generator: RulerSample,
  kernelSlabBytes: NumOrNull,
  machineBytes: NumOrNull,
});

export const MemoryLevel = object({
  connections: Count,
  settled: LevelSample,
  afterGc: orNull(LevelSample),
});

export const roleCpu = {
  usPerDelivery: NumOrNull,
  /** CPU seconds per second in the window; null: not measured. */
  userShare: NumOrNull,
  systemShare: NumOrNull,
};
export const RoleCpu = object(roleCpu);

export const Histograms = object(
  {
    delivery: orNull(Str),
    service: orNull(Str),
    sendLag: orNull(Str),
    handshake: orNull(Str),
    publishAck: orNull(Str),
    spread: orNull(Str),
    busHop: orNull(Str),
    reconnect: orNull(Str),
  },
  'base64 of HdrHistogram V2 compressed, microseconds, 3 significant digits',
);

export const TimelineSecond = object(
  {
    second: Type.Integer({ description: 'From the start of the measured window; negative in the warm-up' }),
    received: Type.Integer({ minimum: 0, description: 'Deliveries received in this second' }),
    intended: Type.Integer({ minimum: 0, description: 'Deliveries whose intended time lies in this second' }),
    p50: NumOrNull,
    p99: NumOrNull,
    max: NumOrNull,
    cpu: object({
      server: NumOrNull,
      worker: NumOrNull,
      publisher: NumOrNull,
      broker: NumOrNull,
      probe: NumOrNull,
      coordinator: NumOrNull,
      hostSoftirq: NumOrNull,
    }),
    serverRssBytes: NumOrNull,
    generatorRssBytes: NumOrNull,
    connections: CountOrNull,
  },
  'Latency by intended second, throughput by receipt second; CPU in cores',
);

export const Profile = object({
  kind: Str,
  role: Str,
  /** Path relative to the result folder. */
  path: Str,
  samples: CountOrNull,
  unit: Type.Union([Type.Literal('us'), Type.Literal('bytes'), Type.Literal('none')]),
  note: orNull(Str),
});

export const Failure = object({ reason: Str, detail: Str, count: Count });

export type Validity = Static<typeof Validity>;
export type ValidityReason = Static<typeof ValidityReason>;
export type Verdict = Static<typeof Verdict>;
export type Family = Static<typeof Family>;
export type MemoryLevel = Static<typeof MemoryLevel>;
export type TimelineSecond = Static<typeof TimelineSecond>;
export type Profile = Static<typeof Profile>;
