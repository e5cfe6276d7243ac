import type { Run } from '../../contract/result.ts';
import { quantileWithLost } from '../../reports/statistics/latencyStats.ts';
import { differenceOfHistograms, mergeHistograms } from '../recorders/histograms.ts';
import type { WindowEvidence } from '../session/evidence.ts';

const LEAST_DIFFERENCE_US = 1_000;

/**
 * Medians of the probes and of their neighbours in the connect order: |difference| <= max(1 ms, 10 %). Pollers on
 * an interval are compared by their round trips with all others: when a message becomes visible is a matter of each one's own phase.
 */
export function probeFigures(
  window: WindowEvidence | null,
  connections: number,
  asksOnInterval: boolean,
): Run['probe'] {
  const report = window?.workers[window.probeIndex];
  if (window === null || report === undefined) return null;
  if (asksOnInterval) {
    return compared(connections, roundTripP50(window, 'probePolls'), roundTripP50(window, 'polls'));
  }
  const neighbours = window.workers.map((worker) => worker.neighbours);
  return compared(connections, medianOf([report.delivery], report.lost), medianOf(neighbours, 0));
}

function medianOf(encoded: readonly string[], lost: number): number | null {
  const histogram = mergeHistograms(encoded);
  const median = quantileWithLost(histogram, lost, 0.5);
  histogram.destroy();
  return median;
}

function roundTripP50({ before, after }: WindowEvidence, of: 'polls' | 'probePolls'): number | null {
  const roundTrips = ({ [of]: figures }: WindowEvidence['before']) =>
    figures.map(({ roundTrip }) => roundTrip);
  return medianOf([differenceOfHistograms(roundTrips(before), roundTrips(after))], 0);
}

function compared(
  connections: number,
  p50Us: number | null,
  neighbourP50Us: number | null,
): NonNullable<Run['probe']> {
  if (p50Us === null || neighbourP50Us === null) {
    return { connections, p50Us, neighbourP50Us, differenceUs: null, boundUs: null, agrees: null };
  }
  const differenceUs = Math.abs(p50Us - neighbourP50Us);
  const boundUs = Math.max(LEAST_DIFFERENCE_US, neighbourP50Us / 10);
  return { connections, p50Us, neighbourP50Us, differenceUs, boundUs, agrees: differenceUs <= boundUs };
}
