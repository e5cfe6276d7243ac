import Type, { type Static } from 'typebox';
import { ArticleRow, EncodingRow, PollArticleRow, WsArticleRow } from './resultArticles.ts';
import {
  Failure,
  Histograms,
  Interval,
  MemoryLevel,
  ProcessMemory,
  Profile,
  RoleCpu,
  roleCpu,
  TimelineSecond,
  Validity,
} from './resultMeasured.ts';
import { Count, CountOrNull, LatencyStats, Num, NumOrNull, object, orNull, Str } from './resultShapes.ts';
import {
  BusFigures,
  Ceiling,
  ChatFigures,
  ClosedLoop,
  FaultFigures,
  FlowFigures,
  Polling,
  RollingFigures,
  SecurityFigures,
  SlowFigures,
} from './resultSpecial.ts';
import { GeneratorCeiling, SteadyState } from './resultTrust.ts';

export type { ArticleRow, EncodingRow, PollArticleRow, WsArticleRow } from './resultArticles.ts';
export type {
  Family,
  MemoryLevel,
  Profile,
  TimelineSecond,
  Validity,
  ValidityReason,
  Verdict,
} from './resultMeasured.ts';
export type { LatencyStats } from './resultShapes.ts';
export type {
  BusFigures,
  CeilingStep,
  ChatFigures,
  ClosedLoop,
  FaultFigures,
  FlowFigures,
  Polling,
  RollingFigures,
  SecurityFigures,
  SlowFigures,
} from './resultSpecial.ts';
export type { GeneratorCeiling, SteadyState } from './resultTrust.ts';

/**
 * The result of one `bench run`: the one definition of which the TypeScript type and the JSON schema are made.
 * Units are in the names; `Us` is microseconds, `Bytes` is bytes, shares are fractions of 1. `null` means: not measured or not defined.
 */
export const SCHEMA_VERSION = 4;

export const Run = object({
  stage: Str,
  variant: Str,
  tag: Str,
  scenario: Str,
  procedure: Str,
  /** Position of this run in the invocation, from 0. */
  order: Count,
  status: Type.Union([Type.Literal('complete'), Type.Literal('aborted')]),
  abortReason: orNull(Str),
  startedAt: Str,
  durationMs: Num,
  workload: Type.Record(Str, Type.Unknown(), { description: 'The resolved numbers of the scenario' }),
  processes: Type.Array(
    object({ role: Str, index: Count, pid: Count, connections: Count, flags: Type.Array(Str) }),
  ),
  plan: object({
    serverNodes: Count,
    workers: Count,
    probes: Count,
    endpoints: Count,
    rooms: Count,
    fanOut: Num,
    publishTo: Str,
    /** Subscriptions that share a connection. */
    streamsPerConnection: Count,
    /** `post`, `call`, `driver` (one of the user's own) or `clients`. */
    publishVia: Str,
    target: orNull(Str),
    /** What the harness put between clients and servers; null: nothing but loopback. */
    link: orNull(object({ rttMs: Num, jitterMs: Num })),
  }),
  connections: object({
    requested: Count,
    established: Count,
    failed: Count,
    unsent: Type.Integer({ minimum: 0, description: 'Never attempted' }),
    perSecond: NumOrNull,
    seconds: NumOrNull,
    dropped: Type.Integer({
      minimum: 0,
      description: 'Ended by the server or the network after they were established',
    }),
    reconnects: Count,
    churned: Count,
    gaveUp: Count,
    gaps: Count,
    /** TCP connections that carried them at the end of the ramp; null: not known. */
    tcp: CountOrNull,
    failures: Type.Array(Failure),
    ramp: Type.Array(object({ atMs: Num, attempted: Count, established: Count, failed: Count })),
  }),
  handshakeUs: orNull(LatencyStats),
  publish: orNull(
    object({
      offeredPerSecond: Num,
      achievedPerSecond: Num,
      attempted: Count,
      sent: Count,
      refused: Count,
      unsent: Count,
      failed: Type.Integer({
        minimum: 0,
        description: 'Answered by another status, or the connection broke',
      }),
      retried: Type.Integer({ minimum: 0, description: 'Posted again to another node' }),
      failures: Type.Array(object({ detail: Str, count: Count })),
      ackUs: orNull(LatencyStats),
    }),
  ),
  deliveries: orNull(
    object({
      expected: Count,
      received: Count,
      lost: Count,
      duplicated: Count,
      reordered: Count,
      superseded: Count,
      unclassified: Count,
      foreign: Type.Integer({ minimum: 0, description: 'Messages without a token of this run' }),
      exact: Type.Boolean({ description: 'False where a window stood in for the full ledger' }),
      perSecond: Type.Number({ description: 'Received inside the window, over its length: QPS' }),
      offeredPerSecond: Num,
      /** The connections that lost most, and the messages that were lost most: at most 10 of each. */
      worstSlots: Type.Array(object({ slot: Count, lost: Count })),
      worstMessages: Type.Array(object({ stream: Count, seq: Count, lost: Count })),
      drainMs: Num,
      drainBoundHit: Type.Boolean(),
    }),
  ),
  latencyUs: orNull(
    object({
      delivery: LatencyStats,
      service: LatencyStats,
      sendLag: LatencyStats,
      spread: orNull(LatencyStats),
    }),
  ),
  latencyIntervalsUs: orNull(
    object({
      p50: orNull(Interval),
      p90: orNull(Interval),
      p95: orNull(Interval),
      p99: orNull(Interval),
      p999: orNull(Interval),
    }),
  ),
  /** First and second half of the window, p50 and p99 of delivery, microseconds. */
  halves: orNull(
    object({
      first: object({ p50: NumOrNull, p99: NumOrNull }),
      second: object({ p50: NumOrNull, p99: NumOrNull }),
    }),
  ),
  steadyState: orNull(SteadyState),
  histograms: Histograms,
  memory: object({
    server: ProcessMemory,
    generator: ProcessMemory,
    kernelPerConnectionBytes: NumOrNull,
    machineBytes: Type.Union([Num, Type.Null()], {
      description:
        'Change of MemTotal - MemFree - Buffers - Cached from before the first role, all connections live',
    }),
    sockBytes: NumOrNull,
    gc: Type.Union([Type.Literal('forced'), Type.Literal('natural')]),
    /** (last level - level 0) / connections, bytes: printed beside the slope. */
    serverRssNaivePerConnectionBytes: NumOrNull,
    levels: Type.Array(MemoryLevel),
  }),
  cpu: object({
    server: object({ ...roleCpu, usPerPublish: NumOrNull }),
    generator: RoleCpu,
    publisher: RoleCpu,
    coordinator: RoleCpu,
    broker: orNull(RoleCpu),
    /** Of the relay that emulates a network. */
    link: orNull(RoleCpu),
    hostSoftirqShare: NumOrNull,
    hostBusyShare: NumOrNull,
    cores: Count,
  }),
  io: object({
    server: object({ syscallsPerDelivery: NumOrNull }),
    generator: object({ syscallsPerDelivery: NumOrNull }),
  }),
  wire: object({
    bytesPerDelivery: NumOrNull,
    bytesReadPerDelivery: NumOrNull,
    bytesWrittenPerDelivery: NumOrNull,
  }),
  loop: orNull(
    object({
      /** Server node with the highest value. */
      delayP99Us: NumOrNull,
      delayMaxUs: NumOrNull,
      latenessMaxUs: NumOrNull,
      utilisation: NumOrNull,
    }),
  ),
  gc: orNull(
    object({
      count: Count,
      pauseMs: Num,
      pauseMaxMs: Num,
      pauseMsPerSecond: Num,
      allocatedBytesPerDelivery: NumOrNull,
    }),
  ),
  handles: orNull(
    object({ perConnection: NumOrNull, timersPerConnection: NumOrNull, openFiles: CountOrNull }),
  ),
  probe: orNull(
    object({
      connections: Count,
      p50Us: NumOrNull,
      neighbourP50Us: NumOrNull,
      differenceUs: NumOrNull,
      boundUs: NumOrNull,
      agrees: orNull(Type.Boolean()),
    }),
  ),
  roi: object({
    qpsPerMbRss: NumOrNull,
    sloDeliveriesPerMbServer: NumOrNull,
    money: orNull(
      object({ currency: Str, perMillionDeliveries: NumOrNull, per100kConnectionMonth: NumOrNull }),
    ),
  }),
  ceiling: orNull(Ceiling),
  generatorCeiling: orNull(GeneratorCeiling),
  /** The processes' clocks against the coordinator's, before and after the load: the looser of both; null: not checked. */
  clock: orNull(object({ processes: Count, uncertaintyUs: Num })),
  article: orNull(ArticleRow),
  articlePoll: orNull(PollArticleRow),
  articleWs: orNull(WsArticleRow),
  polling: orNull(Polling),
  bus: orNull(BusFigures),
  fault: orNull(FaultFigures),
  closedLoop: orNull(ClosedLoop),
  security: SecurityFigures,
  /** null: a server of the user's own. */
  flow: orNull(FlowFigures),
  slow: orNull(SlowFigures),
  rolling: orNull(RollingFigures),
  chat: orNull(ChatFigures),
  /** Value of the swept number in this run. */
  sweep: orNull(object({ key: Str, value: Num })),
  profiles: Type.Array(Profile),
  timeline: Type.Array(TimelineSecond),
  notMeasured: Type.Array(object({ what: Str, why: Str })),
  validity: Validity,
});

export const Host = object({
  hostname: Str,
  platform: Str,
  kernel: Str,
  cpuModel: Str,
  cores: Count,
  memoryBytes: Num,
  nodeVersion: Str,
  v8Flags: Type.Array(Str),
  openFilesLimit: Num,
  somaxconn: NumOrNull,
  ephemeralPorts: orNull(Type.Array(Count)),
  packages: Type.Record(Str, Str),
  gitCommit: orNull(Str),
  gitDirty: orNull(Type.Boolean()),
});

export const RunResult = Type.Object(
  {
    schemaVersion: Type.Literal(SCHEMA_VERSION),
    tool: object({ name: Type.Literal('pushbench'), version: Str }),
    createdAt: Str,
    status: Type.Union([Type.Literal('complete'), Type.Literal('aborted')]),
    command: Type.Array(Str),
    labels: Type.Record(Str, Str),
    seed: Type.Integer(),
    config: Type.Record(Str, Type.Unknown()),
    host: Host,
    validity: Validity,
    encodings: orNull(Type.Array(EncodingRow)),
    runs: Type.Array(Run),
  },
  {
    additionalProperties: false,
    $id: 'urn:pushbench:result:4',
    title: 'pushbench result',
  },
);

export type RunResult = Static<typeof RunResult>;
export type Run = Static<typeof Run>;
export type Host = Static<typeof Host>;
