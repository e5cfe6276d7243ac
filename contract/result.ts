import Type, { type Static, type TSchema } from 'typebox';

/**
 * The result of one `bench run`: the one definition of which the TypeScript type and the JSON schema are made.
 * Units are in the names; `Us` is microseconds, `Bytes` is bytes, shares are fractions of 1. `null` means: not measured or not defined.
 */
export const SCHEMA_VERSION = 2;

const Num = Type.Number();
const Str = Type.String();
const Count = Type.Integer({ minimum: 0 });
const orNull = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()]);
const NumOrNull = orNull(Num);
const CountOrNull = orNull(Count);
const object = <P extends Record<string, TSchema>>(properties: P, description?: string) =>
  Type.Object(properties, { additionalProperties: false, ...(description ? { description } : {}) });

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

export const LatencyStats = object(
  {
    count: Count,
    messages: Type.Integer({ minimum: 0, description: 'Independent messages behind the figures' }),
    min: NumOrNull,
    mean: NumOrNull,
    p50: NumOrNull,
    p90: NumOrNull,
    p95: NumOrNull,
    p99: NumOrNull,
    p999: NumOrNull,
    max: NumOrNull,
  },
  'Microseconds. A percentile is null where more than its tail was lost, or nothing was counted.',
);

const Interval = object({ low: Num, high: Num }, '95 % bootstrap interval over messages, microseconds');

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

const RulerSample = object({
  rssBytes: NumOrNull,
  pssBytes: NumOrNull,
  heapBytes: NumOrNull,
  externalBytes: NumOrNull,
});
const LevelSample = object({
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

const roleCpu = {
  usPerDelivery: NumOrNull,
  userShare: Type.Number({ description: 'CPU seconds per second in the window, user mode' }),
  systemShare: Num,
};
const RoleCpu = object(roleCpu);

const Histograms = object(
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

const CeilingStep = object({
  ratePerSecond: Num,
  deliveriesPerSecond: Num,
  latencyUs: NumOrNull,
  lost: Count,
  refused: Count,
  passed: Type.Boolean(),
  reason: Str,
});

const Ceiling = object({
  ratePerSecond: NumOrNull,
  deliveriesPerSecond: NumOrNull,
  limitedBy: Str,
  sloUs: Num,
  sloQuantile: Num,
  steps: Type.Array(CeilingStep),
});

const Failure = object({ reason: Str, detail: Str, count: Count });

const ArticleRow = object(
  {
    stage: Str,
    variant: Str,
    claim: orNull(object({ qps: Num, p95Ms: Num, rssPerConnectionMb: Num, roi: Num })),
    qps: NumOrNull,
    p95Us: NumOrNull,
    /** Server RSS under load over connections, bytes: the article's ruler. */
    rssUnderLoadPerConnectionBytes: NumOrNull,
    /** RSS slope of the separate idle ramp, bytes. */
    rssSlopePerConnectionBytes: NumOrNull,
    roi: NumOrNull,
    gcPauseMsPerSecond: NumOrNull,
    allocatedBytesPerDelivery: NumOrNull,
    /** Connections the server still held after a churn of clients, over those that were live. */
    churnHeldRatio: NumOrNull,
    cpuUsPerDelivery: NumOrNull,
  },
  'One row of the article table of servers/sse, ours beside the claim',
);

const PollArticleRow = object(
  {
    stage: Str,
    variant: Str,
    /** Claims of the article: mean delay, connection reuse, CPU peak, empty polls. null: it says nothing of this variant. */
    claim: orNull(
      object({ meanDelayMs: Num, reuseRatio: Num, cpuPeakShare: Num, emptyLow: Num, emptyHigh: Num }),
    ),
    pollsPerSecond: Num,
    /** From due to the whole answer. */
    meanRoundTripUs: NumOrNull,
    /** From the intended publish to the poll that shows it. */
    meanDeliveryUs: NumOrNull,
    connectionReuseRatio: NumOrNull,
    /** Highest of the window by second, server processes, cores. */
    cpuPeakCores: NumOrNull,
    cpuMeanCores: NumOrNull,
    emptyRatio: NumOrNull,
    eventsPerPollInterval: NumOrNull,
    /** Server CPU at growing polls per second, and the exponent fitted to it on log-log scales. */
    sweep: Type.Array(object({ pollsPerSecond: Num, cpuCores: NumOrNull, p99RoundTripUs: NumOrNull })),
    exponent: orNull(object({ value: Num, low: Num, high: Num, claim: Num })),
  },
  'One row of the article table of servers/poll, ours beside the claim',
);

const WsArticleRow = object(
  {
    stage: Str,
    variant: Str,
    /** Resident memory of the server by half-second at each number of connections, under a steady broadcast. */
    levels: Type.Array(
      object({
        connections: Count,
        rssBytes: Type.Array(Num),
        meanBytes: Num,
        /** Standard deviation over the mean, after the linear trend is taken off. */
        jitter: Num,
        /** Highest less lowest. */
        rangeBytes: Num,
        gcPauseMaxMs: NumOrNull,
      }),
    ),
    claimAboveConnections: Num,
  },
  'Memory over time at growing numbers of connections, beside the claim of jitter above 5,000',
);

const Polling = object(
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

const BusFigures = object({
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

const PhaseLatency = object({ p50: NumOrNull, p99: NumOrNull, max: NumOrNull, deliveries: Count });
const FaultFigures = object(
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

const ClosedLoop = object(
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

const EncodingRow = object({
  encoding: Str,
  bytes: Num,
  encodeNs: Num,
  parseNs: Num,
});

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
    target: orNull(Str),
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
  article: orNull(ArticleRow),
  articlePoll: orNull(PollArticleRow),
  articleWs: orNull(WsArticleRow),
  polling: orNull(Polling),
  bus: orNull(BusFigures),
  fault: orNull(FaultFigures),
  closedLoop: orNull(ClosedLoop),
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
    $id: 'urn:pushbench:result:2',
    title: 'pushbench result',
  },
);

export type RunResult = Static<typeof RunResult>;
export type Run = Static<typeof Run>;
export type Host = Static<typeof Host>;
export type Validity = Static<typeof Validity>;
export type ValidityReason = Static<typeof ValidityReason>;
export type Verdict = Static<typeof Verdict>;
export type Family = Static<typeof Family>;
export type LatencyStats = Static<typeof LatencyStats>;
export type MemoryLevel = Static<typeof MemoryLevel>;
export type TimelineSecond = Static<typeof TimelineSecond>;
export type Profile = Static<typeof Profile>;
export type ArticleRow = Static<typeof ArticleRow>;
export type PollArticleRow = Static<typeof PollArticleRow>;
export type WsArticleRow = Static<typeof WsArticleRow>;
export type Polling = Static<typeof Polling>;
export type BusFigures = Static<typeof BusFigures>;
export type FaultFigures = Static<typeof FaultFigures>;
export type ClosedLoop = Static<typeof ClosedLoop>;
export type EncodingRow = Static<typeof EncodingRow>;
export type CeilingStep = Static<typeof CeilingStep>;
