import type { Run, RunResult } from '../../contract/result.ts';
import type { NoiseRow, NoiseStudy } from '../../contract/selftest.ts';
import { ALPHA, deltaOfGroups } from '../compare/delta.ts';
import { FEWEST_RUNS, mannWhitney } from '../compare/mannWhitney.ts';
import { groupRuns, type ServerGroup, verdictOf } from '../compare/serverGroup.ts';
import { NOISE_METRICS, type NoiseMetric } from './noiseMetrics.ts';

/** Whether a rule calls the newer group different from the older one; null: it cannot tell, as with too few runs. */
export type DifferenceRule = (old: ServerGroup, newer: ServerGroup, metric: NoiseMetric) => boolean | null;

/** The rule of `bench compare`. */
const comparesDifferent: DifferenceRule = (old, newer, metric) => {
  const outcome = deltaOfGroups(old, newer, metric)?.outcome;
  if (outcome === undefined || outcome === 'tooFew') return null;
  return outcome !== 'same';
};

/**
 * What differs between runs of one build, metric by metric.
 * @param asked what was asked for, of which an interrupted study has less
 */
export function noiseStudy(
  result: RunResult,
  asked: Pick<NoiseStudy, 'stage' | 'scenario' | 'runs'>,
  rule = comparesDifferent,
): NoiseStudy {
  const { runs } = result;
  return {
    ...asked,
    verdicts: runs.map(({ validity }) => validity.verdict),
    runsPerSide: FEWEST_RUNS,
    level: attainedLevel(FEWEST_RUNS),
    rows: NOISE_METRICS.map((metric) => rowOf(metric, result, rule)),
  };
}

function rowOf(metric: NoiseMetric, result: RunResult, rule: DifferenceRule): NoiseRow {
  const values = result.runs.map((run) => usable(metric, run));
  const known = values.filter((value) => value !== null);
  const mean = meanOf(known);
  return {
    metric: metric.path,
    values,
    mean,
    cv: variation(known, mean),
    min: mean === null ? null : Math.min(...known),
    max: mean === null ? null : Math.max(...known),
    falseAlarms: falseAlarms(metric, result, rule),
  };
}

function usable(metric: NoiseMetric, run: Run): number | null {
  const value = metric.of(run);
  const isUsable = value !== null && Number.isFinite(value) && verdictOf([run], metric.family) !== 'INVALID';
  return isUsable ? value : null;
}

/** From the first value on, so that equal values have exactly their own mean, and no deviation. */
function meanOf(values: readonly number[]): number | null {
  const [first] = values;
  if (first === undefined) return null;
  return first + values.reduce((sum, value) => sum + (value - first), 0) / values.length;
}

/** Standard deviation of a sample over its mean. */
function variation(values: readonly number[], mean: number | null): number | null {
  if (mean === null || mean === 0 || values.length < 2) return null;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return Math.sqrt(squares / (values.length - 1)) / Math.abs(mean);
}

/**
 * Neighbouring groups in time, as a user makes them: the older build first, then the newer one. All splits of the runs into
 * two groups would say nothing: over those a rank test raises exactly as many alarms as it is built to, whatever the values.
 */
function falseAlarms(metric: NoiseMetric, result: RunResult, rule: DifferenceRule): NoiseRow['falseAlarms'] {
  const starts = Array.from({ length: Math.max(0, result.runs.length - 2 * FEWEST_RUNS + 1) }, (_, at) => at);
  const told = starts.flatMap((at) => {
    const [old, newer] = [groupOf(result, at), groupOf(result, at + FEWEST_RUNS)];
    const isDifferent = old && newer ? rule(old, newer, metric) : null;
    return isDifferent === null ? [] : [isDifferent];
  });
  return told.length === 0
    ? null
    : { comparisons: told.length, alarms: told.filter((isDifferent) => isDifferent).length };
}

function groupOf(result: RunResult, at: number): ServerGroup | undefined {
  const runs = result.runs.slice(at, at + FEWEST_RUNS);
  return groupRuns([{ name: '', result: { ...result, runs } }])[0];
}

/** Share of all splits of distinct values into two groups of a size that the test calls different: at most ALPHA, less where ranks are few. */
export function attainedLevel(perSide: number): number {
  const ranks = Array.from({ length: 2 * perSide }, (_, i) => i);
  const splits = chosen(ranks, perSide);
  const alarms = splits.filter((a) => {
    const p = mannWhitney(
      a,
      ranks.filter((rank) => !a.includes(rank)),
    );
    return p !== null && p < ALPHA;
  });
  return alarms.length / splits.length;
}

/** All ways to choose some of the values. */
function chosen(values: readonly number[], count: number): number[][] {
  if (count === 0) return [[]];
  return values.flatMap((value, i) => chosen(values.slice(i + 1), count - 1).map((rest) => [value, ...rest]));
}
