import { encodeIntoCompressedBase64, type Histogram } from 'hdr-histogram-js';
import type { MemoryLevel, Run, TimelineSecond } from '../../contract/result.ts';
import { histogramAround, randomFrom, statsOf } from './sampleHistogram.ts';

function timelineOf(seconds: number, perSecond: number, medianUs: number): TimelineSecond[] {
  const random = randomFrom(7);
  return Array.from({ length: seconds + 5 }, (_, i) => ({
    second: i - 5,
    received: Math.round(perSecond * (0.985 + 0.03 * random())),
    intended: perSecond,
    p50: Math.round(medianUs * (0.9 + 0.2 * random())),
    p99: Math.round(medianUs * (5 + 2 * random())),
    max: Math.round(medianUs * (12 + 8 * random())),
    cpu: {
      server: 0.4 + 0.05 * random(),
      worker: 0.3 + 0.05 * random(),
      publisher: 0.05 + 0.01 * random(),
      broker: null,
      probe: 0.02,
      coordinator: 0.01,
      hostSoftirq: 0.08,
    },
    serverRssBytes: 96e6 + i * 8e4,
    generatorRssBytes: 88e6 + i * 4e4,
    connections: 5000,
  }));
}

function levelAt(connections: number): MemoryLevel {
  const growth = connections === 0 ? 0 : 15e6;
  const sample = (perConnection: number, extra: number) => ({
    rssBytes: 58e6 + growth + extra + connections * perConnection,
    pssBytes: 34e6 + growth + extra + connections * perConnection,
    heapBytes: 8e6 + extra + connections * perConnection * 0.6,
    externalBytes: 2e6 + connections * 120,
  });
  const level = (extra: number) => ({
    server: sample(15_200, extra),
    generator: sample(2_300, extra / 4),
    kernelSlabBytes: 60e6 + connections * 8_300,
    machineBytes: 180e6 + connections * 26_000,
  });
  return { connections, settled: level(6e6), afterGc: level(0) };
}

/** A plausible complete run of the default scenario; give what should differ. */
export function sampleRun(over: Partial<Run> = {}, medianUs = 700): Run {
  const delivery = histogramAround(medianUs, 20_000, 1);
  const service = histogramAround(medianUs * 0.9, 20_000, 2);
  const sendLag = histogramAround(40, 8_000, 3);
  const handshake = histogramAround(1_900, 5_000, 4);
  const spread = histogramAround(medianUs * 1.4, 8_000, 5);
  const ack = histogramAround(300, 8_000, 6);
  const encoded = (histogram: Histogram) => encodeIntoCompressedBase64(histogram);
  const stats = statsOf(delivery, 8_000);
  const near = (value: number | null) =>
    value === null ? null : { low: Math.round(value * 0.95), high: Math.round(value * 1.06) };
  return {
    stage: 'sse',
    variant: 'shared',
    tag: 'idiomatic',
    scenario: 'steady',
    procedure: 'load',
    order: 0,
    status: 'complete',
    abortReason: null,
    startedAt: '2026-01-15T10:00:00.000Z',
    durationMs: 38_400,
    workload: {
      connections: 5000,
      rooms: 100,
      ratePerSecond: 400,
      arrivals: 'uniform',
      payloadBytes: 256,
      warmupMs: 5000,
      durationMs: 20_000,
      connectPerSecond: 10_000,
      memoryLevels: 5,
      probes: 30,
      encoding: 'json',
      profile: 'cpu',
      sloMs: 100,
      sloQuantile: 0.95,
    },
    processes: [
      { role: 'coordinator', index: 0, pid: 100, connections: 0, flags: [] },
      { role: 'server', index: 0, pid: 101, connections: 5000, flags: ['--expose-gc'] },
      { role: 'publisher', index: 0, pid: 102, connections: 0, flags: [] },
      { role: 'worker', index: 0, pid: 103, connections: 4970, flags: ['--expose-gc'] },
      { role: 'probe', index: 0, pid: 104, connections: 30, flags: [] },
    ],
    plan: {
      serverNodes: 1,
      workers: 1,
      probes: 30,
      endpoints: 2,
      rooms: 100,
      fanOut: 50,
      publishTo: 'every-node',
      streamsPerConnection: 1,
      publishVia: 'post',
      target: null,
      link: null,
    },
    connections: {
      requested: 5000,
      established: 5000,
      failed: 0,
      unsent: 0,
      perSecond: 9_600,
      seconds: 0.52,
      dropped: 0,
      reconnects: 0,
      churned: 0,
      gaveUp: 0,
      gaps: 0,
      tcp: 5000,
      failures: [],
      ramp: Array.from({ length: 12 }, (_, i) => ({
        atMs: i * 100,
        attempted: Math.min(5000, i * 480),
        established: Math.min(5000, Math.max(0, i * 480 - 90)),
        failed: 0,
      })),
    },
    handshakeUs: statsOf(handshake, 5_000),
    publish: {
      offeredPerSecond: 400,
      achievedPerSecond: 400,
      attempted: 8_000,
      sent: 8_000,
      refused: 0,
      unsent: 0,
      failed: 0,
      retried: 0,
      failures: [],
      ackUs: statsOf(ack, 8_000),
    },
    deliveries: {
      expected: 400_000,
      received: 400_000,
      lost: 0,
      duplicated: 0,
      reordered: 0,
      superseded: 0,
      unclassified: 0,
      foreign: 0,
      exact: true,
      perSecond: 19_990,
      offeredPerSecond: 20_000,
      worstSlots: [],
      worstMessages: [],
      drainMs: 12,
      drainBoundHit: false,
    },
    latencyUs: {
      delivery: stats,
      service: statsOf(service, 8_000),
      sendLag: statsOf(sendLag, 8_000),
      spread: statsOf(spread, 8_000),
    },
    latencyIntervalsUs: {
      p50: near(stats.p50),
      p90: near(stats.p90),
      p95: near(stats.p95),
      p99: near(stats.p99),
      p999: near(stats.p999),
    },
    steadyState: {
      verdict: 'steady',
      halves: {
        p50: { differenceUs: 4, interval: { low: -11, high: 19 } },
        p99: { differenceUs: 40, interval: { low: -210, high: 300 } },
      },
      trend: { slices: 40, slopeUsPerSecond: 0.3, changeUs: 6, p: 0.42 },
    },
    halves: {
      first: { p50: stats.p50, p99: stats.p99 },
      second: { p50: (stats.p50 ?? 0) + 9, p99: (stats.p99 ?? 0) + 60 },
    },
    histograms: {
      delivery: encoded(delivery),
      service: encoded(service),
      sendLag: encoded(sendLag),
      handshake: encoded(handshake),
      publishAck: encoded(ack),
      spread: encoded(spread),
      busHop: null,
      reconnect: null,
    },
    memory: {
      server: {
        rssPerConnectionBytes: 15_200,
        pssPerConnectionBytes: 15_180,
        heapPerConnectionBytes: 9_100,
        externalPerConnectionBytes: 120,
        meanRssBytes: 152e6,
        peakRssBytes: 163e6,
      },
      generator: {
        rssPerConnectionBytes: 2_300,
        pssPerConnectionBytes: 2_290,
        heapPerConnectionBytes: 1_400,
        externalPerConnectionBytes: 90,
        meanRssBytes: 92e6,
        peakRssBytes: 95e6,
      },
      kernelPerConnectionBytes: 8_300,
      machineBytes: 310e6,
      sockBytes: 4.2e6,
      gc: 'forced',
      serverRssNaivePerConnectionBytes: 18_200,
      levels: [0, 1000, 2000, 3000, 4000, 5000].map(levelAt),
    },
    cpu: {
      server: { usPerDelivery: 12.4, userShare: 0.26, systemShare: 0.17, usPerPublish: 61 },
      generator: { usPerDelivery: 6.1, userShare: 0.14, systemShare: 0.12 },
      publisher: { usPerDelivery: 1.2, userShare: 0.04, systemShare: 0.01 },
      coordinator: { usPerDelivery: 0.2, userShare: 0.01, systemShare: 0 },
      broker: null,
      link: null,
      hostSoftirqShare: 0.04,
      hostBusyShare: 0.43,
      cores: 2,
    },
    io: { server: { syscallsPerDelivery: 1.02 }, generator: { syscallsPerDelivery: 1.01 } },
    wire: { bytesPerDelivery: 372, bytesReadPerDelivery: 371.6, bytesWrittenPerDelivery: 0.4 },
    loop: { delayP99Us: 1_300, delayMaxUs: 9_100, latenessMaxUs: 8_800, utilisation: 0.41 },
    gc: {
      count: 91,
      pauseMs: 112,
      pauseMaxMs: 4.2,
      pauseMsPerSecond: 5.6,
      allocatedBytesPerDelivery: 410,
    },
    handles: { perConnection: 1.0, timersPerConnection: 0.001, openFiles: 5_031 },
    probe: {
      connections: 30,
      p50Us: 760,
      neighbourP50Us: 702,
      differenceUs: 58,
      boundUs: 1_000,
      agrees: true,
    },
    roi: { qpsPerMbRss: 657_000, sloDeliveriesPerMbServer: 131, money: null },
    ceiling: null,
    generatorCeiling: {
      deliveriesPerSecond: 480_000,
      protocol: 'sse',
      payloadBytes: 256,
      streamsPerConnection: 1,
      connections: 2_000,
      generatorUsPerDelivery: 5.6,
      serverUsPerDelivery: 7.4,
      generatorSyscallsPerDelivery: 1.01,
      othersCores: 0.01,
      offeredPerSecond: 20_000,
      loadShare: 20_000 / 480_000,
      measuredAt: '2026-01-15T09:40:00.000Z',
    },
    clock: { processes: 3, uncertaintyUs: 90 },
    article: null,
    articlePoll: null,
    articleWs: null,
    polling: null,
    bus: null,
    fault: null,
    closedLoop: null,
    security: { kind: 'plain', tlsVersion: null, cipher: null, unauthenticated: [] },
    flow: null,
    slow: null,
    rolling: null,
    chat: null,
    sweep: null,
    profiles: [],
    timeline: timelineOf(20, 20_000, medianUs),
    notMeasured: [{ what: 'memory.cgroup', why: 'cgroup v1: no memory.current on this host' }],
    validity: { verdict: 'VALID', reasons: [] },
    ...over,
  };
}

/** A run that is SUSPECT for its throughput. */
export function suspectRun(over: Partial<Run> = {}): Run {
  return sampleRun({
    validity: {
      verdict: 'SUSPECT',
      reasons: [
        {
          code: 'generatorShare',
          verdict: 'SUSPECT',
          families: ['throughput'],
          message: 'generator 43 % of the machine',
          advice: 'Run the generator on a machine of its own, or lower the rate.',
          figure: 43,
          bound: 40,
          unit: '%',
        },
      ],
    },
    ...over,
  });
}
