import type { Polling, Run, RunResult } from '../../contract/result.ts';
import { sampleProfile } from './sampleProfile.ts';
import { sampleResult } from './sampleResult.ts';
import { sampleRun } from './sampleRun.ts';

/** What makes one server of the sample differ from the next. */
interface Sample {
  readonly stage: string;
  readonly variant: string;
  readonly tag: string;
  readonly medianUs: number;
  readonly rssPerConnection: number;
  readonly cpuUs: number;
  readonly ceiling: number | null;
}

const SAMPLES: readonly Sample[] = [
  {
    stage: 'poll',
    variant: 'conditional',
    tag: 'idiomatic',
    medianUs: 1_000_000,
    rssPerConnection: 24_000,
    cpuUs: 41,
    ceiling: null,
  },
  {
    stage: 'sse',
    variant: 'shared',
    tag: 'idiomatic',
    medianUs: 700,
    rssPerConnection: 15_200,
    cpuUs: 12.4,
    ceiling: 61_000,
  },
  {
    stage: 'ws',
    variant: 'prepared',
    tag: 'idiomatic',
    medianUs: 640,
    rssPerConnection: 9_800,
    cpuUs: 9.1,
    ceiling: 92_000,
  },
  {
    stage: 'ws-cluster',
    variant: 'embedded',
    tag: 'idiomatic',
    medianUs: 1_900,
    rssPerConnection: 10_100,
    cpuUs: 13.9,
    ceiling: 64_000,
  },
  {
    stage: 'grpc',
    variant: 'server-stream',
    tag: 'idiomatic',
    medianUs: 1_100,
    rssPerConnection: 46_000,
    cpuUs: 21,
    ceiling: 38_000,
  },
];

/** Three runs of the shared load and a search, for each of five stages: what scenario `compare` yields. */
export function comparisonRuns(over: Partial<Run> = {}): Run[] {
  const loads = [0, 1, 2].flatMap((turn) => SAMPLES.map((sample) => loadRun(sample, turn)));
  const searches = SAMPLES.map(saturationRun);
  return [...loads, ...searches].map((run, order) => ({ ...run, ...over, order }));
}

/** The result of scenario `compare` over all stages. */
export function comparisonResult(over: Partial<RunResult> = {}): RunResult {
  return sampleResult({
    command: ['bench', 'run', '--stage', 'all'],
    config: { scenario: 'compare' },
    runs: comparisonRuns(),
    ...over,
  });
}

/** Runs of two stages at five rates, three each; the second stage has its knee earlier. */
export function sweepRuns(): Run[] {
  const rates = [100, 200, 400, 800, 1_600];
  return SAMPLES.slice(1, 3).flatMap((sample, s) =>
    rates.flatMap((value, i) =>
      [0, 1, 2].map((turn) =>
        sampleRun(
          {
            ...identity(sample),
            sweep: { key: 'ratePerSecond', value },
            cpu: cpuOf(sample.cpuUs * (1 + 0.6 / (i + 1))),
          },
          sample.medianUs * (1 + 0.02 * turn) * (i >= 3 - s ? 4 * i : 1),
        ),
      ),
    ),
  );
}

/** The same server as in the sample, measured `count` times with a median of its own. */
export function repeatedRuns(count: number, medianUs: number): Run[] {
  return Array.from({ length: count }, (_, i) => sampleRun({}, medianUs * (1 + 0.01 * i)));
}

function identity({ stage, variant, tag }: Sample) {
  return { stage, variant, tag, scenario: 'compare' };
}

function cpuOf(usPerDelivery: number): Run['cpu'] {
  const { cpu, deliveries } = sampleRun();
  const userShare = (usPerDelivery * (deliveries?.perSecond ?? 0)) / 1e6;
  return { ...cpu, server: { ...cpu.server, usPerDelivery, userShare, systemShare: 0 } };
}

function loadRun(sample: Sample, turn: number): Run {
  const scatter = 1 + 0.015 * turn;
  const run = sampleRun(
    { ...identity(sample), cpu: cpuOf(sample.cpuUs * scatter) },
    sample.medianUs * scatter,
  );
  const memory = memoryOf(run, sample.rssPerConnection);
  return {
    ...run,
    memory:
      turn === 0
        ? memory
        : { ...memory, levels: [], server: { ...memory.server, rssPerConnectionBytes: null } },
    wire: { ...run.wire, bytesPerDelivery: sample.stage === 'poll' ? 910 : 372 },
    roi: {
      qpsPerMbRss: 3e9 / sample.rssPerConnection,
      sloDeliveriesPerMbServer: sample.stage === 'poll' ? null : 2e6 / sample.rssPerConnection,
      money: {
        currency: 'USD at example rates',
        perMillionDeliveries: 0.0011 * sample.cpuUs,
        per100kConnectionMonth: sample.rssPerConnection / 4_000,
      },
    },
    profiles: turn === 0 ? [{ ...sampleProfile(), path: `profiles/${sample.stage}.cpuprofile` }] : [],
    polling: sample.stage === 'poll' ? polling(run) : null,
    deliveries:
      sample.stage === 'poll' && run.deliveries ? { ...run.deliveries, superseded: 300_000 } : run.deliveries,
    bus: sample.stage === 'ws-cluster' ? busOf(run) : null,
    plan: sample.stage === 'ws-cluster' ? { ...run.plan, serverNodes: 2, publishTo: 'any-node' } : run.plan,
  };
}

function memoryOf({ memory }: Run, perConnection: number): Run['memory'] {
  const levels = memory.levels.map((level, i) => {
    const rssBytes = 70e6 + level.connections * perConnection + (i % 2) * 40_000;
    const sample = { ...level.settled, server: { ...level.settled.server, rssBytes } };
    return { ...level, settled: sample, afterGc: sample };
  });
  return { ...memory, server: { ...memory.server, rssPerConnectionBytes: perConnection }, levels };
}

function polling(run: Run): Polling {
  const stats = run.latencyUs?.service;
  if (!stats) throw new RangeError('the sample run has latencies');
  return {
    intervalMs: 2_000,
    sentPerSecond: 2_500,
    sent: 50_000,
    answered: 50_000,
    empty: 31_000,
    failed: 0,
    skipped: 0,
    wastedRatio: 0.62,
    eventsPerPollInterval: 8,
    connectionReuseRatio: 0.9,
    bytesPerEmptyPoll: 310,
    scheduleErrorUs: stats,
    roundTripUs: stats,
  };
}

function busOf(run: Run): NonNullable<Run['bus']> {
  const stats = run.latencyUs?.service;
  if (!stats) throw new RangeError('the sample run has latencies');
  return {
    kind: 'embedded',
    broker: 'pushbench hub 0.1.0',
    isGiven: false,
    hopUs: stats,
    received: 8_000,
    lost: 0,
    publishFailed: 0,
    reconnects: 0,
    brokerRssBytes: 61e6,
  };
}

function saturationRun(sample: Sample): Run {
  const run = sampleRun({ ...identity(sample), procedure: 'ceiling' }, sample.medianUs);
  if (sample.ceiling === null) {
    const closedLoop = {
      tool: 'autocannon 9.0.0',
      connections: 100,
      seconds: 3,
      requestsPerSecond: 13_400,
      p50Us: 7_000,
      p99Us: 19_000,
      errors: 0,
      non2xx: 0,
    };
    return { ...run, deliveries: null, latencyUs: null, publish: null, closedLoop };
  }
  return {
    ...run,
    ceiling: ceilingOf(sample.ceiling),
    roi: { ...run.roi, qpsPerMbRss: (sample.ceiling * 1e6) / (sample.rssPerConnection + 120_000) },
  };
}

function ceilingOf(deliveriesPerSecond: number): NonNullable<Run['ceiling']> {
  return {
    ratePerSecond: deliveriesPerSecond / 50,
    deliveriesPerSecond,
    limitedBy: 'the server’s event loop was full',
    sloUs: 100_000,
    sloQuantile: 0.95,
    steps: [0.5, 1, 1.2].map((factor) => ({
      ratePerSecond: (deliveriesPerSecond / 50) * factor,
      deliveriesPerSecond: deliveriesPerSecond * Math.min(1, factor),
      latencyUs: factor > 1 ? 340_000 : 41_000,
      lost: 0,
      refused: 0,
      passed: factor <= 1,
      reason: factor > 1 ? 'p95 340 ms above 100 ms' : '',
    })),
  };
}
