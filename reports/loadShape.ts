import type { Run } from '../contract/result.ts';
import type { LoadStage } from '../contract/schedule.ts';
import { formatRateOf, formatUs } from './numbers.ts';

/** The load shape of the window; empty where the rate was constant. A result holds the workload as plain JSON. */
export function loadShapeOf({ workload }: Pick<Run, 'workload'>): LoadStage[] {
  const { stages } = workload;
  return Array.isArray(stages) ? stages.filter(isLoadStage) : [];
}

function isLoadStage(stage: unknown): stage is LoadStage {
  if (typeof stage !== 'object' || stage === null) return false;
  if (!('durationMs' in stage && 'ratePerSecond' in stage)) return false;
  return typeof stage.durationMs === 'number' && typeof stage.ratePerSecond === 'number';
}

/** `400 publishes/s for 8 s, 4 000 publishes/s for 4 s`. */
export function describeLoadShape(shape: readonly LoadStage[]): string {
  return shape
    .map(
      ({ durationMs, ratePerSecond }) =>
        `${formatRateOf(ratePerSecond, 'publishes')} for ${formatUs(durationMs * 1000)}`,
    )
    .join(', ');
}
