import { GATE_SCHEMA_VERSION, type GateMetric, type GateResult } from '../../contract/gate.ts';
import type { Run, RunResult } from '../../contract/result.ts';
import { randomFrom } from './sampleHistogram.ts';
import { sampleResult } from './sampleResult.ts';
import { sampleRun } from './sampleRun.ts';

const BLOCKS = 6;
const ORDERS = ['ABBA', 'BAAB', 'BAAB', 'ABBA', 'BAAB', 'ABBA'];

interface Sample extends Partial<GateMetric> {
  readonly path: string;
  readonly label: string;
  readonly unit: string;
  /** Of a run of base. */
  readonly at: number;
  /** Of head over base: 0.2 is 20 % more. */
  readonly change: number;
  /** Scatter of runs, a share. */
  readonly noise: number;
}

/** A metric whose figures scatter round what is given; its interval is not computed, only as wide as it would be. */
export function sampleMetric({ at, change, noise, ...over }: Sample): GateMetric {
  const random = randomFrom(over.label.length + 3);
  const scatter = () => 1 + noise * (2 * random() - 1);
  const base = Array.from({ length: 2 * BLOCKS }, () => at * scatter());
  const head = Array.from({ length: 2 * BLOCKS }, () => at * (1 + change) * scatter());
  const differences = Array.from({ length: BLOCKS }, (_, i) => {
    const of = (runs: readonly number[]) => Math.log(runs[2 * i] ?? 1) + Math.log(runs[2 * i + 1] ?? 1);
    return (of(head) - of(base)) / 2;
  });
  const tolerance = over.tolerance === undefined ? 0.05 : over.tolerance;
  return {
    better: 'lower',
    role: 'gate',
    scale: 'share',
    tolerance,
    base,
    head,
    baseMedian: at,
    headMedian: at * (1 + change),
    effect: change,
    low: change - 0.8 * noise,
    high: change + 0.8 * noise,
    confidence: 0.969,
    differences,
    smallestVisible: tolerance === null ? null : tolerance + 0.8 * noise,
    verdict: 'PASS',
    why: 'The whole interval is within the tolerance.',
    ...over,
  };
}

export const SAMPLE_METRICS: readonly GateMetric[] = [
  sampleMetric({
    path: 'deliveries.lost',
    label: 'deliveries lost',
    unit: 'count',
    at: 0,
    change: 0,
    noise: 0,
    scale: 'count',
    tolerance: 0,
    differences: [0, 0, 0, 0, 0, 0],
    why: 'No run of either side lost one.',
  }),
  sampleMetric({
    path: 'io.server.syscallsPerDelivery',
    label: 'system calls of the server per delivery',
    unit: 'calls',
    at: 1.034,
    change: 0.0002,
    noise: 0.0006,
    tolerance: 0.02,
  }),
  sampleMetric({
    path: 'wire.bytesPerDelivery',
    label: 'bytes on the wire per delivery',
    unit: 'bytes',
    at: 371.6,
    change: -0.0001,
    noise: 0.0003,
    tolerance: 0.02,
  }),
  sampleMetric({
    path: 'memory.server.rssPerConnectionBytes',
    label: 'memory of the server per connection',
    unit: 'bytes',
    at: 9_480,
    change: 0.02,
    noise: 0.08,
    tolerance: 0.05,
    verdict: 'INCONCLUSIVE',
    why: 'The interval reaches beyond the tolerance on one side only: 12 more blocks would tell.',
  }),
  sampleMetric({
    path: 'cpu.server.usPerDelivery',
    label: 'server CPU per delivery',
    unit: 'us',
    at: 12.4,
    change: 0.212,
    noise: 0.025,
    tolerance: 0.05,
    verdict: 'FAIL',
    why: 'The whole interval is beyond the tolerance.',
  }),
  sampleMetric({
    path: 'latencyUs.delivery.p99',
    label: 'delivery latency, p99',
    unit: 'us',
    at: 3_900,
    change: 0.04,
    noise: 0.2,
    tolerance: 0.25,
  }),
  ...(
    [
      ['latencyUs.delivery.p50', 'delivery latency, p50', 'us', 710, 0.03],
      ['deliveries.perSecond', 'deliveries per second', 'deliveries/s', 20_000, 0.0001],
      ['memory.server.meanRssBytes', 'memory of the server under load', 'bytes', 128e6, 0.01],
      ['loop.utilisation', 'event-loop utilisation', 'fraction', 0.41, 0.02],
    ] as const
  ).map(([path, label, unit, at, noise]) =>
    sampleMetric({
      path,
      label,
      unit,
      at,
      change: noise / 3,
      noise,
      role: 'info',
      tolerance: null,
      verdict: null,
      why: 'Told only.',
    }),
  ),
];

/** A plausible gate that failed; give what should differ. */
export function sampleGate(over: Partial<GateResult> = {}): GateResult {
  const { host } = sampleResult();
  const side = { kind: 'ref' as const, dirty: false, validity: [] };
  return {
    schemaVersion: GATE_SCHEMA_VERSION,
    tool: { name: 'pushbench', version: '0.1.0' },
    createdAt: '2026-01-15T10:02:10.250Z',
    status: 'complete',
    abortReason: null,
    command: ['bench', 'gate', '--base', 'origin/main', '--head', 'HEAD'],
    mode: 'blocks',
    base: {
      ...side,
      named: 'origin/main',
      commit: '0123456789abcdef0123456789abcdef01234567',
      result: 'base/result.json',
    },
    head: {
      ...side,
      named: 'HEAD',
      commit: 'fedcba9876543210fedcba9876543210fedcba98',
      result: 'head/result.json',
    },
    what: 'sse target, scenario steady',
    host,
    blocksAsked: BLOCKS,
    blocks: ORDERS.map((order, i) => ({ order, seconds: 14 + i / 4 })),
    excluded: [
      {
        run: 'head, block 3, first run',
        families: ['latency'],
        why: 'the publisher’s send lag p99 was 4.1 ms',
      },
    ],
    differences: [],
    verdict: 'FAIL',
    headline:
      'FAIL: server CPU per delivery is 21.2 % higher (19.2 % to 23.2 %; 5 % accepted). The smallest regression that this gate could see here: 7 %.',
    settle: null,
    metrics: [...SAMPLE_METRICS],
    thresholds: [
      { text: 'latencyUs.delivery.p99 < 50ms', passed: true, worst: 4_910, unit: 'us' },
      { text: 'memory.server.rssPerConnectionBytes < 9KiB', passed: false, worst: 9_890, unit: 'bytes' },
    ],
    ...over,
  };
}

/** The results of both sides of `sampleGate`. */
export function gateSides(): { base: RunResult; head: RunResult } {
  return { base: sideResult(12.4), head: sideResult(15) };
}

function sideResult(usPerDelivery: number): RunResult {
  const runs: Run[] = Array.from({ length: 2 * BLOCKS }, (_, order) => {
    const run = sampleRun({ order }, 700 + 5 * order);
    const server = { ...run.cpu.server, usPerDelivery: usPerDelivery * (1 + 0.002 * order) };
    return { ...run, cpu: { ...run.cpu, server } };
  });
  return sampleResult({ runs });
}
