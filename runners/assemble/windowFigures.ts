import type { Run } from '../../contract/result.ts';
import type { SteadyState } from '../../contract/resultTrust.ts';
import type { PhaseSpec } from '../../contract/schedule.ts';
import type { WorkerPhaseReport } from '../../contract/workerControl.ts';
import { blocksOf } from '../../reports/statistics/blocks.ts';
import { latencyStats } from '../../reports/statistics/latencyStats.ts';
import { rankInterval } from '../../reports/statistics/rankInterval.ts';
import {
  addSlices,
  emptySlices,
  quantileOfBins,
  type Slices,
  sumRows,
  totalOf,
} from '../../reports/statistics/slices.ts';
import { NOT_JUDGED, steadyState } from '../../reports/statistics/steadyState.ts';
import { unpackInt32, unpackUint32 } from '../recorders/binary.ts';
import { encodeHistogram, mergeHistograms, newHistogram, recordUs } from '../recorders/histograms.ts';
import type { WindowEvidence } from '../session/evidence.ts';
import { lostByRow } from './lostByRow.ts';

const WORST = 10;

export type Deliveries = NonNullable<Run['deliveries']>;

function sum(reports: readonly WorkerPhaseReport[], of: (report: WorkerPhaseReport) => number): number {
  return reports.reduce((total, report) => total + of(report), 0);
}

export function deliveriesOf(
  window: Pick<WindowEvidence, 'workers' | 'spec' | 'drainMs' | 'drainBoundHit'>,
  foreign: number,
): Deliveries {
  const { workers, spec } = window;
  const expected = sum(workers, (r) => r.expected);
  return {
    expected,
    received: sum(workers, (r) => r.received),
    lost: sum(workers, (r) => r.lost),
    duplicated: sum(workers, (r) => r.duplicated),
    reordered: sum(workers, (r) => r.reordered),
    superseded: sum(workers, (r) => r.superseded),
    unclassified: sum(workers, (r) => r.unclassified),
    foreign,
    exact: workers.every(({ exact }) => exact),
    perSecond: (sum(workers, (r) => r.receivedInWindow) * 1e6) / spec.durationUs,
    offeredPerSecond: (expected * 1e6) / spec.durationUs,
    worstSlots: workers
      .flatMap(({ worstSlots }) => worstSlots)
      .sort((a, b) => b.lost - a.lost)
      .slice(0, WORST),
    worstMessages: worstMessages(workers),
    drainMs: window.drainMs,
    drainBoundHit: window.drainBoundHit,
  };
}

function worstMessages(workers: readonly WorkerPhaseReport[]): Deliveries['worstMessages'] {
  const byMessage = new Map<string, { stream: number; seq: number; lost: number }>();
  for (const { stream, seq, lost } of workers.flatMap(({ worstMessages: worst }) => worst)) {
    const key = `${stream}:${seq}`;
    byMessage.set(key, { stream, seq, lost: lost + (byMessage.get(key)?.lost ?? 0) });
  }
  return [...byMessage.values()].sort((a, b) => b.lost - a.lost).slice(0, WORST);
}

export interface LatencyFigures {
  readonly latencyUs: NonNullable<Run['latencyUs']>;
  readonly intervals: NonNullable<Run['latencyIntervalsUs']>;
  readonly halves: NonNullable<Run['halves']>;
  readonly steadyState: SteadyState;
  readonly histograms: Pick<Run['histograms'], 'delivery' | 'service' | 'sendLag' | 'spread' | 'publishAck'>;
  readonly slices: Slices;
}

export function latencyFigures(
  window: Pick<WindowEvidence, 'workers' | 'publisher' | 'spec'>,
  seed: number,
): LatencyFigures {
  const { workers, publisher, spec } = window;
  const lost = sum(workers, (r) => r.lost);
  const messages = publisher?.sent ?? 0;
  const delivery = mergeHistograms(workers.map((r) => r.delivery));
  const service = mergeHistograms(workers.map((r) => r.service));
  const sendLag = mergeHistograms(publisher === null ? [] : [publisher.sendLag]);
  const spread = spreadOf(workers);
  const slices = mergedSlices(workers);
  const lostAt = lostByRow(window, slices);
  const halves = halvesOf(slices, lostAt);
  const blocks = blocksOf(slices, lostAt);
  const intervalOf = (quantile: number) => rankInterval(delivery, quantile, { lost, messages, blocks });
  const figures: LatencyFigures = {
    latencyUs: {
      delivery: latencyStats(delivery, { lost, messages }),
      service: latencyStats(service, { lost, messages }),
      sendLag: latencyStats(sendLag, { messages: sendLag.totalCount }),
      spread: spread === null ? null : latencyStats(spread, { messages: spread.totalCount }),
    },
    intervals: {
      p50: intervalOf(0.5),
      p90: intervalOf(0.9),
      p95: intervalOf(0.95),
      p99: intervalOf(0.99),
      p999: intervalOf(0.999),
    },
    halves,
    // The rate changes on purpose, and latency with it.
    steadyState:
      spec.shape.length > 1
        ? NOT_JUDGED
        : steadyState({ blocks, halves, messages, windowSeconds: spec.durationUs / 1e6, seed }),
    histograms: {
      delivery: encodeHistogram(delivery),
      service: encodeHistogram(service),
      sendLag: encodeHistogram(sendLag),
      spread: spread === null ? null : encodeHistogram(spread),
      publishAck: publisher?.ack ?? null,
    },
    slices,
  };
  for (const histogram of [delivery, service, sendLag, spread]) histogram?.destroy();
  return figures;
}

export function mergedSlices(workers: readonly WorkerPhaseReport[]): Slices {
  const merged = emptySlices(workers[0]?.sliceRows ?? 1);
  for (const { slices, sliceRows: rows } of workers)
    addSlices(merged, { rows, counts: unpackUint32(slices) });
  return merged;
}

function halvesOf(slices: Slices, lostAt: Float64Array): LatencyFigures['halves'] {
  const middle = slices.rows >> 1;
  const half = (from: number, to: number) => {
    const counts = sumRows(slices, from, to);
    const lost = totalOf(lostAt.subarray(from, to));
    return { p50: quantileOfBins(counts, 0.5, lost), p99: quantileOfBins(counts, 0.99, lost) };
  };
  return { first: half(0, middle), second: half(middle, slices.rows) };
}

/** From the first to the last subscriber of each message that more than one received. */
function spreadOf(workers: readonly WorkerPhaseReport[]): ReturnType<typeof newHistogram> | null {
  const kept = workers.filter(({ firstReceipts }) => firstReceipts !== null);
  if (kept.length === 0) return null;
  const firsts = kept.map(({ firstReceipts }) => unpackInt32(firstReceipts ?? ''));
  const lasts = kept.map(({ lastReceipts }) => unpackInt32(lastReceipts ?? ''));
  const spread = newHistogram();
  for (let message = 0; message < firsts[0].length; message++) {
    const first = Math.min(...firsts.map((array) => array[message]));
    const last = Math.max(...lasts.map((array) => array[message]));
    if (last >= first) recordUs(spread, last - first);
  }
  return spread;
}

/** Messages of a phase by second of their intended time. */
export function intendedPerSecond(spec: PhaseSpec, intendedUs: (index: number) => number): number[] {
  const seconds = new Array<number>(Math.max(1, Math.ceil(spec.durationUs / 1e6))).fill(0);
  for (let i = 0; i < spec.count; i++) {
    const second = Math.min(seconds.length - 1, Math.floor(intendedUs(i) / 1e6));
    seconds[second]++;
  }
  return seconds;
}
