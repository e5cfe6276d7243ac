import type { Run } from '../../contract/result.ts';
import { quantileWithLost } from '../../reports/statistics/latencyStats.ts';
import { mergeHistograms } from '../recorders/histograms.ts';
import type { WindowEvidence } from '../session/evidence.ts';

const LEAST_DIFFERENCE_US = 1_000;

/** Medians of the probes and of their neighbours in the connect order: |difference| <= max(1 ms, 10 %). */
export function probeFigures(window: WindowEvidence | null, connections: number): Run['probe'] {
  const report = window?.workers[window.probeIndex];
  if (window === null || report === undefined) return null;
  const probe = mergeHistograms([report.delivery]);
  const neighbours = mergeHistograms(window.workers.map((worker) => worker.neighbours));
  const p50Us = quantileWithLost(probe, report.lost, 0.5);
  const neighbourP50Us = quantileWithLost(neighbours, 0, 0.5);
  probe.destroy();
  neighbours.destroy();
  if (p50Us === null || neighbourP50Us === null) {
    return { connections, p50Us, neighbourP50Us, differenceUs: null, boundUs: null, agrees: null };
  }
  const differenceUs = Math.abs(p50Us - neighbourP50Us);
  const boundUs = Math.max(LEAST_DIFFERENCE_US, neighbourP50Us / 10);
  return { connections, p50Us, neighbourP50Us, differenceUs, boundUs, agrees: differenceUs <= boundUs };
}
