import type { SlowFigures } from '../../contract/result.ts';
import { latencyStats } from '../../reports/statistics/latencyStats.ts';
import { mergeHistograms } from '../recorders/histograms.ts';
import type { Evidence, WindowEvidence } from '../session/evidence.ts';

/** What became of the clients that read slowly on purpose; null: there were none. */
export function slowFigures(evidence: Evidence, window: WindowEvidence | null): SlowFigures | null {
  const { slowShare: share, slowBytesPerSecond: bytesPerSecond } = evidence.plan.scenario;
  if (share === 0 || window === null) return null;
  const phases = window.workers.flatMap(({ slow }) => slow ?? []);
  const fleets = evidence.fleet.flatMap(({ slow }) => slow ?? []);
  const delivery = mergeHistograms(phases.map((phase) => phase.delivery));
  const lost = total(phases.map((phase) => phase.lost));
  const figures = {
    share,
    bytesPerSecond,
    slots: total(fleets.map(({ slots }) => slots)),
    expected: total(phases.map(({ expected }) => expected)),
    received: total(phases.map(({ received }) => received)),
    lost,
    kept: total(fleets.map(({ kept }) => kept)),
    back: total(fleets.map(({ back }) => back)),
    away: total(fleets.map(({ away }) => away)),
    gapTold: total(fleets.map(({ gapTold }) => gapTold)),
    delivery: latencyStats(delivery, { lost, messages: window.publisher?.sent ?? 0 }),
  };
  delivery.destroy();
  return figures;
}

function total(counts: readonly number[]): number {
  return counts.reduce((sum, count) => sum + count, 0);
}
