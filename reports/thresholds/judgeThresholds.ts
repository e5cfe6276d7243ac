import type { GateThreshold } from '../../contract/gate.ts';
import type { Family, Run, Verdict } from '../../contract/result.ts';
import type { Comparator, Threshold } from '../../contract/threshold.ts';
import { metricUnit } from '../formatMetric.ts';
import { metricFamily } from '../metricFamily.ts';
import { runLabels } from '../runLabel.ts';
import { familyVerdict } from '../verdicts.ts';
import { judgedRuns } from './judgedRuns.ts';
import { type MetricValue, valueAt } from './valueAt.ts';

/** A threshold and what came of it. */
export interface JudgedThreshold {
  readonly threshold: Threshold;
  readonly passed: boolean;
  /** The value that decided: the worst of all runs that are judged. */
  readonly worst: MetricValue;
  /** Of the value, and of the bound. */
  readonly unit: string;
  /** The run that it is of, where there are several; '' otherwise. */
  readonly of: string;
  readonly family: Family;
  /** How far figures of that family can be trusted, over all runs that are judged. */
  readonly verdict: Verdict;
}

const HOLDS: Readonly<Record<Comparator, (value: number, bound: number) => boolean>> = {
  '<': (value, bound) => value < bound,
  '<=': (value, bound) => value <= bound,
  '==': (value, bound) => value === bound,
  '!=': (value, bound) => value !== bound,
  '>=': (value, bound) => value >= bound,
  '>': (value, bound) => value > bound,
};

/** How bad a value is for a comparison: the higher, the worse. */
const BADNESS: Readonly<Record<Comparator, (value: number, bound: number) => number>> = {
  '<': (value) => value,
  '<=': (value) => value,
  '==': (value, bound) => Math.abs(value - bound),
  '!=': (value, bound) => -Math.abs(value - bound),
  '>=': (value) => -value,
  '>': (value) => -value,
};

/**
 * Holds thresholds against runs, as a gate keeps them: the worst value of every run counts, and what was not measured or is not
 * defined does not hold.
 * @param runs of one result, or of the head of a gate
 */
export function judgeThresholds(thresholds: readonly Threshold[], runs: readonly Run[]): GateThreshold[] {
  return judgedThresholds(thresholds, runs).map(({ threshold, passed, worst, unit }) => ({
    text: threshold.text,
    passed,
    worst: worst.kind === 'number' ? worst.value : null,
    unit,
  }));
}

/** The same with all that a report tells: why there is no value, of which run it is, and whether it can be trusted. */
export function judgedThresholds(thresholds: readonly Threshold[], runs: readonly Run[]): JudgedThreshold[] {
  const labels = new Map(runLabels(runs).map((label, i) => [runs[i], label]));
  return thresholds.map((threshold) => judge(threshold, runs, labels));
}

function judge(
  threshold: Threshold,
  runs: readonly Run[],
  labels: ReadonlyMap<Run, string>,
): JudgedThreshold {
  const { path, comparator, bound } = threshold;
  const judged = judgedRuns(path, runs);
  const badness = ({ value }: Seen): number =>
    value.kind === 'number' ? BADNESS[comparator](value.value, bound) : Number.POSITIVE_INFINITY;
  const [worst] = judged
    .map((run): Seen => ({ run, value: valueAt(run, path) }))
    .sort((a, b) => (badness(a) === badness(b) ? 0 : badness(b) - badness(a)));
  const value: MetricValue = worst?.value ?? { kind: 'unmeasured' };
  const family = metricFamily(path);
  return {
    threshold,
    passed: value.kind === 'number' && HOLDS[comparator](value.value, bound),
    worst: value,
    unit: metricUnit(path),
    of: worst !== undefined && runs.length > 1 ? (labels.get(worst.run) ?? '') : '',
    family,
    verdict: familyVerdict(family, judged).verdict,
  };
}

interface Seen {
  readonly run: Run;
  readonly value: MetricValue;
}
