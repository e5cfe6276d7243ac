import type { GateMetric, GateThreshold, GateVerdict } from '../../contract/gate.ts';
import { listOf } from '../compare/listOf.ts';
import { gateMetric } from './gateMetrics.ts';
import { changeText, smallestText, toleranceText } from './output/gateFigures.ts';

/** What the first line is made of. */
export interface Outcome {
  readonly verdict: GateVerdict;
  readonly metrics: readonly GateMetric[];
  readonly thresholds: readonly GateThreshold[];
  /** Thresholds that no run could be held against. */
  readonly unheld: readonly string[];
  /** Paths that decide by default and could not here. */
  readonly silent: readonly string[];
}

/** Verdict, what made it, and the smallest regression that this gate could have seen. */
export function gateHeadline(outcome: Outcome): string {
  const { verdict, silent } = outcome;
  const causes = causesOf(outcome);
  const told = causes.length === 0 ? verdict : `${verdict}: ${causes.join('; ')}`;
  const quiet = silent.length === 0 ? '' : ` Not decided on: ${listOf(silent.map(shortOf))}.`;
  return `${told}. ${visible(outcome.metrics)}${quiet}`;
}

function causesOf({ verdict, metrics, thresholds, unheld }: Outcome): string[] {
  const gating = metrics.filter(({ role }) => role === 'gate');
  if (verdict === 'PASS') return [];
  const missed = thresholds.filter(({ passed }) => !passed).map(({ text }) => `threshold ${text} missed`);
  const failed = gating.filter((metric) => metric.verdict === 'FAIL').map(overTolerance);
  if (verdict === 'FAIL') return [...failed, ...missed];
  const open = gating.filter((metric) => metric.verdict === 'INCONCLUSIVE');
  const untold = unheld.map((text) => `threshold ${text} could not be held against any run of head`);
  if (open.length + untold.length === 0) return ['nothing that decides was measured'];
  const near = open.filter(holdsTolerance);
  // Too few blocks, messages or events: the sentence beside the figure says which.
  const unjudged = open.filter((metric) => !near.includes(metric)).map(({ path }) => shortOf(path));
  return [
    ...near.map(
      (metric) => `${changed(metric)} cannot be told from its tolerance of ${toleranceText(metric)}`,
    ),
    ...(unjudged.length > 0 ? [`${listOf(unjudged)} could not be judged`] : []),
    ...untold,
  ];
}

/** It is the interval that leaves the figure open: the tolerance lies in it. An end that has no number is beyond any. */
function holdsTolerance({ confidence, better, low, high, tolerance }: GateMetric): boolean {
  if (confidence === null || tolerance === null) return false;
  const [from, to] = [low ?? Number.NEGATIVE_INFINITY, high ?? Number.POSITIVE_INFINITY];
  // On the tolerance itself is still inside it.
  return better === 'lower' ? from <= tolerance && tolerance < to : from < -tolerance && -tolerance <= to;
}

function overTolerance(metric: GateMetric): string {
  return `${changed(metric)}, tolerance ${toleranceText(metric)}`;
}

/** `CPU per delivery +21 % (+19.2 to +23 %)`. */
function changed(metric: GateMetric): string {
  if (metric.effect !== null) return `${shortOf(metric.path)} ${changeText(metric)}`;
  return `${shortOf(metric.path)} ${metric.headMedian === null ? 'not defined on head any more' : 'changed by more than any share'}`;
}

/** Counts are left out: one event more is told, and an interval of 0 to 0 would promise too much. */
function visible(metrics: readonly GateMetric[]): string {
  const seen = metrics.flatMap((metric) =>
    metric.role === 'gate' && metric.scale === 'share' && metric.smallestVisible !== null
      ? [`${shortOf(metric.path)} ${smallestText(metric)}`]
      : [],
  );
  if (seen.length === 0)
    return 'How small a regression this gate could have seen on this machine today is not known.';
  return `Smallest regression this gate could have seen on this machine today: ${seen.join(', ')}.`;
}

function shortOf(path: string): string {
  return gateMetric(path)?.short ?? path;
}
