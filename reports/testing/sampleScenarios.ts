import type { LatencyStats, PollArticleRow, Polling, Run, WsArticleRow } from '../../contract/result.ts';
import { sampleRun } from './sampleRun.ts';

/** Latency figures around a median, with a tail; microseconds. */
export function statsAround(p50: number, over: Partial<LatencyStats> = {}): LatencyStats {
  return {
    count: 9_800,
    messages: 9_800,
    min: p50 * 0.3,
    mean: p50 * 1.15,
    p50,
    p90: p50 * 1.9,
    p95: p50 * 2.4,
    p99: p50 * 4.2,
    p999: p50 * 7,
    max: p50 * 11,
    ...over,
  };
}

export function samplePolling(over: Partial<Polling> = {}): Polling {
  return {
    intervalMs: 2_000,
    sentPerSecond: 499.6,
    sent: 9_992,
    answered: 9_992,
    empty: 6_654,
    failed: 0,
    skipped: 3,
    wastedRatio: 0.666,
    eventsPerPollInterval: 0.333,
    connectionReuseRatio: 0.998,
    bytesPerEmptyPoll: 213,
    scheduleErrorUs: statsAround(90),
    roundTripUs: statsAround(640),
    ...over,
  };
}

const POLLERS: readonly (readonly [string, string, number, number, number, PollArticleRow['claim']])[] = [
  [
    'short',
    'naive',
    0,
    0.23,
    1.04,
    { meanDelayMs: 382, reuseRatio: 0, cpuPeakShare: 0.94, emptyLow: 0.6, emptyHigh: 0.73 },
  ],
  ['keepalive', 'idiomatic', 0.999, 0.09, 0.99, null],
  ['conditional', 'idiomatic', 0.998, 0.08, 0.97, null],
  ['long', 'tuned', 0.999, 0.06, 0, null],
];

/** The four runs of `article-poll`; the last is held and has no sweep. */
export function articlePollRuns(): Run[] {
  return POLLERS.map(([variant, tag, reuse, cores, exponent, claim], order) => {
    const isHeld = exponent === 0;
    const polling = samplePolling({
      connectionReuseRatio: reuse,
      ...(isHeld ? { intervalMs: 0, eventsPerPollInterval: null, wastedRatio: 0.02, empty: 180 } : {}),
    });
    return sampleRun({
      stage: 'poll',
      variant,
      tag,
      order,
      scenario: 'article-poll',
      procedure: 'article-poll',
      polling,
      articlePoll: {
        stage: 'poll',
        variant,
        claim,
        pollsPerSecond: 500,
        meanRoundTripUs: isHeld ? null : 736 * (order === 0 ? 2 : 1),
        meanDeliveryUs: isHeld ? 1_900 : 1_004_000,
        connectionReuseRatio: reuse,
        cpuPeakCores: cores * 1.4,
        cpuMeanCores: cores,
        emptyRatio: polling.wastedRatio,
        eventsPerPollInterval: polling.eventsPerPollInterval,
        sweep: isHeld
          ? []
          : [0, 250, 500, 1_000, 2_000, 4_000].map((pollsPerSecond) => ({
              pollsPerSecond,
              cpuCores: 0.002 + cores * (pollsPerSecond / 500) ** exponent,
              p99RoundTripUs: pollsPerSecond === 0 ? null : 1_200 + pollsPerSecond,
            })),
        exponent: isHeld ? null : { value: exponent, low: exponent - 0.05, high: exponent + 0.06, claim: 2 },
      },
    });
  });
}

/** The two runs of `article-ws`. */
export function articleWsRuns(): Run[] {
  return ['send', 'prepared'].map((variant, order) =>
    sampleRun({
      stage: 'ws',
      variant,
      tag: order === 0 ? 'naive' : 'idiomatic',
      order,
      scenario: 'article-ws',
      procedure: 'article-ws',
      articleWs: { stage: 'ws', variant, levels: wsLevels(order), claimAboveConnections: 5_000 },
    }),
  );
}

function wsLevels(order: number): WsArticleRow['levels'] {
  return [1_000, 2_500, 5_000, 7_500, 10_000].map((connections) => {
    const base = 70e6 + connections * 9_000;
    const saw = (0.004 + connections * 3e-6 * (1 - order * 0.6)) * base;
    const rssBytes = Array.from({ length: 17 }, (_, i) => Math.round(base + saw * ((i % 4) - 1.5)));
    return {
      connections,
      rssBytes,
      meanBytes: base,
      jitter: (saw * 1.12) / base,
      rangeBytes: saw * 3,
      gcPauseMaxMs: 2 + connections / 2_000,
    };
  });
}

const BUSES: readonly (readonly [string, string, number, number])[] = [
  ['embedded', 'embedded hub', 210, 0],
  ['redis-pubsub', 'redis-server 7.0.15', 420, 37],
  ['redis-streams', 'redis-server 7.0.15', 610, 0],
];

/** The cluster on each of its buses. */
export function busRuns(): Run[] {
  return BUSES.map(([kind, broker, hopUs, lost], order) => {
    const run = sampleRun({ stage: 'ws-cluster', variant: kind, order });
    return {
      ...run,
      plan: { ...run.plan, serverNodes: 2, publishTo: 'any-node' },
      cpu: { ...run.cpu, broker: { usPerDelivery: 0.6, userShare: 0.02, systemShare: 0.03 } },
      bus: {
        kind,
        broker,
        isGiven: kind === 'redis-streams',
        hopUs: statsAround(hopUs, { count: 16_000, messages: 8_000 }),
        received: 16_000 - lost,
        lost,
        publishFailed: 0,
        reconnects: lost > 0 ? 2 : 0,
        brokerRssBytes: kind === 'embedded' ? 48e6 : 11e6,
      },
    };
  });
}

/** All connections cut five seconds into the window, back two and a half later. */
export function faultRun(over: Partial<Run> = {}): Run {
  const run = sampleRun();
  const timeline = run.timeline.map((second) => {
    const broken = second.second >= 5 && second.second <= 7;
    return broken
      ? {
          ...second,
          received: second.second === 5 ? 900 : 38_000,
          p50: 640_000,
          p99: 2_100_000,
          max: 2_460_000,
          connections: [40, 2_100, 4_800][second.second - 5] ?? null,
        }
      : second;
  });
  return sampleRun({
    scenario: 'reconnect-storm',
    timeline,
    connections: { ...run.connections, dropped: 5_000, reconnects: 5_000 },
    fault: {
      kind: 'cut-connections',
      atMs: 5_000,
      connectionsHit: 5_000,
      connectionsBack: 5_000,
      recoveredMs: 2_480,
      reconnectUs: statsAround(1_200_000, { max: 2_480_000, p99: 2_300_000, p999: 2_400_000 }),
      before: { p50: 700, p99: 4_000, max: 9_000, deliveries: 100_000 },
      during: { p50: 640_000, p99: 2_100_000, max: 2_460_000, deliveries: 49_600 },
      after: { p50: 710, p99: 4_200, max: 11_000, deliveries: 250_400 },
      note: 'clients resume by last id from the replay buffer of the node they come to',
    },
    ...over,
  });
}

/** A spike: 400 publishes/s, ten times as many for four seconds, and 400 again. */
export function spikeRun(): Run {
  const run = sampleRun();
  const timeline = run.timeline.map((second) =>
    second.second >= 8 && second.second < 12
      ? { ...second, intended: 200_000, received: 118_000, p50: 900_000, p99: 1_900_000, max: 2_100_000 }
      : second,
  );
  const stages = [
    { durationMs: 8_000, ratePerSecond: 400 },
    { durationMs: 4_000, ratePerSecond: 4_000 },
    { durationMs: 8_000, ratePerSecond: 400 },
  ];
  return sampleRun({ scenario: 'spike', timeline, workload: { ...run.workload, stages } });
}
