import type { FaultFigures, Run } from '../../contract/result.ts';
import { latencyStats } from '../../reports/statistics/latencyStats.ts';
import { quantileOfBins, type Slices, sumRows, totalOf } from '../../reports/statistics/slices.ts';
import { mergeHistograms } from '../recorders/histograms.ts';
import type { Evidence, WindowEvidence } from '../session/evidence.ts';
import { expectedByRow } from './lostByRow.ts';

/** What was broken in the window, who was hit, and how the latency was before, until all were back, and after. */
export function faultFigures(
  evidence: Evidence,
  window: WindowEvidence | null,
  slices: Slices | null,
  connections: Run['connections'],
): FaultFigures | null {
  const { fault, fleet } = evidence;
  if (fault === null || window === null || slices === null) return null;
  const { startUs, durationUs } = window.spec;
  const away = mergeHistograms(fleet.map(({ reconnect }) => reconnect));
  const backUs = recoveredUs(evidence, away.totalCount, connections.dropped);
  const rowOf = (atUs: number) => Math.max(0, ((atUs - startUs) / durationUs) * slices.rows);
  // The rows of the fault and of the recovery are neither before nor after.
  const from = Math.min(slices.rows, Math.floor(rowOf(fault.atUs)));
  const to = backUs === null ? slices.rows : Math.min(slices.rows, Math.ceil(rowOf(backUs)));
  const expected = expectedByRow(window, slices.rows);
  const lost = window.workers.reduce((sum, report) => sum + report.lost, 0);
  const part = (first: number, end: number) =>
    partOf(sumRows(slices, first, end), sum(expected, first, end), lost);
  const figures = {
    kind: fault.kind,
    atMs: (fault.atUs - startUs) / 1_000,
    connectionsHit: connections.dropped - fault.droppedBefore,
    connectionsBack: Math.max(0, away.totalCount - fault.droppedBefore),
    recoveredMs: backUs === null ? null : (backUs - fault.atUs) / 1_000,
    reconnectUs: latencyStats(away, { messages: away.totalCount }),
    before: part(0, from),
    during: part(from, to),
    after: part(to, slices.rows),
    note: promiseOf(evidence),
  };
  away.destroy();
  return figures;
}

/** null while a connection that was lost is not back. */
function recoveredUs({ fleet }: Evidence, back: number, lost: number): number | null {
  if (lost === 0 || back < lost) return null;
  const times = fleet.flatMap(({ allBackUs }) => allBackUs ?? []);
  return times.length === 0 ? null : Math.max(...times);
}

function sum(values: Float64Array, from: number, to: number): number {
  return values.subarray(from, to).reduce((total, value) => total + value, 0);
}

/**
 * A lost delivery is later than any that came: percentiles that it reaches are not defined.
 * @param lostInAll of the whole window: rooms of unequal size make `expected` of a part a mean
 */
export function partOf(bins: Float64Array, expected: number, lostInAll: number): FaultFigures['before'] {
  const deliveries = totalOf(bins);
  const lost = Math.min(lostInAll, Math.max(0, Math.round(expected) - deliveries));
  const at = (quantile: number) => quantileOfBins(bins, quantile, lost);
  return { p50: at(0.5), p99: at(0.99), max: quantileOfBins(bins, 1), deliveries };
}

const RESUMED =
  'clients resume by the last id they saw (one that saw no message yet has none) from the replay buffer of the node';

function promiseOf({ plan: { subject } }: Evidence): string {
  if (subject.kind === 'target') return 'what a server of yours promises after a break is for you to say';
  const { capabilities } = subject;
  if (capabilities.shows === 'state') {
    return 'each poll shows the newest state: what came while a client was away is visible with its next poll';
  }
  const held = capabilities.polling === 'held' ? '; a held request counts as back once it is written' : '';
  if (!capabilities.resume) return 'nothing promises to bring back what was sent while a connection was away';
  if (capabilities.bus === 'redis-pubsub') {
    return `${RESUMED} they come to; what the bus lost on its way to that node is gone`;
  }
  return `${RESUMED} they come to${held}`;
}
