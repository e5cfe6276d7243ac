import type { GateMetric } from '../../contract/gate.ts';
import type { ComparedSides } from './compareSides.ts';
import { isBeyond } from './differences.ts';
import type { GateVocabulary } from './gateMetrics.ts';
import type { Reading } from './reading.ts';

/** All of a row that no tolerance changes. */
export type RowFigures = Omit<GateMetric, 'role' | 'tolerance' | 'smallestVisible' | 'verdict' | 'why'>;

export function rowFigures(compared: ComparedSides, metric: GateVocabulary): RowFigures {
  const { base, head, used, differences, shift } = compared;
  const { path, label, unit, better, scale } = metric;
  const values = (readings: readonly Reading[]) =>
    readings.map((one) => (typeof one === 'number' ? one : null));
  return {
    path,
    label,
    unit,
    better,
    scale,
    base: values(base),
    head: values(head),
    baseMedian: medianOf(used.base, metric),
    headMedian: medianOf(used.head, metric),
    effect: shift && onScale(shift.at, metric),
    low: shift && onScale(shift.low, metric),
    high: shift && onScale(shift.high, metric),
    confidence: shift?.confidence ?? null,
    differences: [...differences],
  };
}

/** null where there is none, or it is one that no number stands for. */
function medianOf(readings: readonly Reading[], { better }: GateVocabulary): number | null {
  const worst = better === 'lower' ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY;
  const sorted = readings
    .flatMap((one) => (one === null ? [] : [one === 'undefined' ? worst : one]))
    .sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const median = sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  return Number.isFinite(median) ? median : null;
}

/** A shift as a change: a logarithm of ratios becomes a share; null where no number stands for it. */
function onScale(shift: number, metric: GateVocabulary): number | null {
  if (isBeyond(shift, metric)) return null;
  return metric.scale === 'share' ? Math.expm1(shift) : shift;
}
