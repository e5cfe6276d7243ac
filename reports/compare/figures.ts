import type { Family, MemoryLevel, Run, Verdict } from '../../contract/result.ts';
import { TIE } from '../articleOrder.ts';
import { type Backing, isBacked } from '../percentiles.ts';
import { METRIC } from './comparisonMetrics.ts';
import { type Estimate, estimate } from './estimate.ts';
import type { ComparisonMetric } from './metric.ts';
import { type ServerGroup, verdictOf } from './serverGroup.ts';

/** One figure of one server: over its runs, with what may be said of it. */
export interface Figure {
  readonly group: ServerGroup;
  readonly metric: ComparisonMetric;
  readonly estimate: Estimate;
  /** Worst verdict of the runs behind it on the figure's family. */
  readonly verdict: Verdict;
  /** Runs that were INVALID for the family and so are not behind it, as long as others are. */
  readonly leftOut: number;
  /** False for a percentile that too few messages stand behind. */
  readonly isSupported: boolean;
  /** What stands behind it in the runs that have too few messages for it. */
  readonly few: readonly Backing[];
}

/** A server's figure; null where none of its runs measured it. */
export function figureOf(group: ServerGroup, metric: ComparisonMetric): Figure | null {
  const measured = group.runs.filter((run) => metric.of(run) !== null);
  const runs = metric.isCount ? measured : usableRuns(measured, metric.family);
  const values = runs.flatMap((run) => metric.of(run) ?? []);
  const median = estimate(values);
  // Infinite: more than its tail was lost in at least half of the runs.
  if (!median || !Number.isFinite(median.value)) return null;
  const few = runs.flatMap((run) => metric.backing?.(run) ?? []).filter((backing) => !isBacked(backing));
  return {
    group,
    metric,
    estimate: metric.isCount ? summed(values) : median.interval ? median : ofOneRun(runs, metric, median),
    verdict: verdictOf(runs, metric.family),
    leftOut: measured.length - runs.length,
    isSupported: few.length === 0,
    few,
  };
}

export function figuresOf(groups: readonly ServerGroup[], metric: ComparisonMetric): Figure[] {
  return groups.flatMap((group) => figureOf(group, metric) ?? []);
}

/** Runs in which the server was the limit; all of them where there is none such, and then the figure is INVALID. */
export function usableRuns(runs: readonly Run[], family: Family): readonly Run[] {
  const valid = runs.filter((run) => verdictOf([run], family) !== 'INVALID');
  return valid.length > 0 ? valid : runs;
}

function summed(values: readonly number[]): Estimate {
  return { value: values.reduce((sum, value) => sum + value, 0), interval: null, values };
}

/** What a single run knows of its own precision, where that is not the scatter between runs. */
function ofOneRun([run]: readonly Run[], metric: ComparisonMetric, single: Estimate): Estimate {
  if (!run) return single;
  if (metric.id === METRIC.memory.id) return { ...single, interval: slopeRange(run, SERVER_BYTES) };
  if (metric.id === METRIC.kernel.id) return { ...single, interval: slopeRange(run, KERNEL_BYTES) };
  if (metric.id === METRIC.ceiling.id || metric.id === METRIC.roiCeiling.id) {
    return { ...single, interval: searchInterval(run, single.value) };
  }
  return single;
}

/**
 * What one search tells: 10 % either way, further up where the lowest rate that failed lies further; no upper end where
 * none failed, or where it was the generator that could not go on.
 */
function searchInterval({ ceiling }: Run, value: number): Estimate['interval'] {
  const low = value / TIE;
  const best = ceiling?.ratePerSecond ?? null;
  if (!ceiling || best === null) return { low, high: value * TIE, kind: 'search' };
  const failed = failedAbove(ceiling);
  const nearest = Math.min(...failed.map(({ ratePerSecond }) => ratePerSecond));
  return failed.length === 0 || isEndedByGenerator(ceiling)
    ? { low, high: Number.POSITIVE_INFINITY, kind: 'atLeast' }
    : { low, high: value * Math.max(TIE, nearest / best), kind: 'search' };
}

function failedAbove({ ratePerSecond, steps }: NonNullable<Run['ceiling']>) {
  return steps.filter((step) => !step.passed && step.ratePerSecond > (ratePerSecond ?? 0));
}

/**
 * True where the first step that failed above the ceiling kept the objective and lost nothing: then it failed because the
 * publisher was late, which says nothing about the server.
 */
function isEndedByGenerator(ceiling: NonNullable<Run['ceiling']>): boolean {
  const { sloUs } = ceiling;
  const above = failedAbove(ceiling);
  const nearest = Math.min(...above.map((step) => step.ratePerSecond));
  const [last] = above.filter((step) => step.ratePerSecond === nearest).slice(-1);
  if (!last || last.latencyUs === null) return false;
  return last.latencyUs <= sloUs && last.lost === 0 && last.refused === 0;
}

type LevelBytes = (level: MemoryLevel) => number | null;
const SERVER_BYTES: LevelBytes = ({ afterGc, settled }) => (afterGc ?? settled).server.rssBytes;
const KERNEL_BYTES: LevelBytes = ({ afterGc, settled }) => (afterGc ?? settled).kernelSlabBytes;

/**
 * 92 % interval of the Theil–Sen slope over four or five levels, level 0 left out: of the slopes between any two levels, the
 * outermost (four levels) or the last but one on either side (five), where Kendall's S is 6 or at least 8 with 8.3 %.
 * Source: Sen, Journal of the American Statistical Association 63 (1968). null below four levels; more than five make it wider than 92 %.
 */
function slopeRange({ memory }: Run, bytesAt: LevelBytes): Estimate['interval'] {
  const points = memory.levels.flatMap((level) => {
    const { connections } = level;
    const bytes = bytesAt(level);
    return connections === 0 || bytes === null ? [] : [{ connections, bytes }];
  });
  if (points.length < 4) return null;
  const slopes = points.flatMap((b, i) =>
    points.slice(0, i).map((a) => (b.bytes - a.bytes) / (b.connections - a.connections)),
  );
  const sorted = slopes.sort((a, b) => a - b);
  const dropped = points.length > 4 ? 1 : 0;
  return { low: sorted[dropped] ?? 0, high: sorted[sorted.length - 1 - dropped] ?? 0, kind: 'levels' };
}
