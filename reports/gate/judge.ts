import type { GateMetric, GateResult, GateThreshold, GateVerdict } from '../../contract/gate.ts';
import type { Run } from '../../contract/result.ts';
import { DEFAULT_TOLERANCES, gateMetric, INFORMING } from './gateMetrics.ts';
import { gateHeadline } from './headline.ts';
import { judgeMetric } from './judgeMetric.ts';
import { excludedRuns } from './usableRuns.ts';

/** What a gate is judged by. */
export interface GateInput {
  readonly mode: GateResult['mode'];
  /** In blocks, runs 2i and 2i + 1 of each side are those of block i. */
  readonly base: readonly Run[];
  readonly head: readonly Run[];
  /** What decides, by path. */
  readonly tolerances: ReadonlyMap<string, number>;
  /** What of it the user named: that must have been measured, what decides by default need not. */
  readonly asked: ReadonlySet<string>;
  readonly thresholds: readonly GateThreshold[];
  /** Those that no run could be held against. */
  readonly unheld: readonly string[];
}

/**
 * The figures and the verdict of a gate. One metric that fails, or a threshold that is missed, fails it; else one that cannot be
 * told leaves it open; else it passes.
 */
export function judgeGate(
  input: GateInput,
): Pick<GateResult, 'metrics' | 'excluded' | 'verdict' | 'headline'> {
  const { mode, base, head, tolerances, asked, thresholds, unheld } = input;
  const sides = { base, head };
  const metrics = [...tolerances.keys(), ...DEFAULT_TOLERANCES.keys(), ...INFORMING].flatMap(
    (path, i, all) => {
      const metric = gateMetric(path);
      if (metric === null || all.indexOf(path) < i) return [];
      const tolerance = tolerances.get(path) ?? null;
      const row = judgeMetric(mode, sides, { metric, tolerance, isAsked: asked.has(path) });
      return tolerance === null && !isOnBothSides(row) ? [] : [row];
    },
  );
  const decided = metrics.filter(({ role }) => role === 'gate');
  const silent = metrics.filter(({ path, role }) => role === 'info' && tolerances.has(path));
  const verdict = verdictOf(decided, thresholds, unheld);
  const silently = silent.map(({ path }) => path);
  const headline = gateHeadline({ verdict, metrics, thresholds, unheld, silent: silently });
  return { metrics, excluded: excludedRuns(mode, sides), verdict, headline };
}

function isOnBothSides({ base, head }: GateMetric): boolean {
  return [base, head].every((values) => values.some((value) => value !== null));
}

function verdictOf(
  decided: readonly GateMetric[],
  thresholds: readonly GateThreshold[],
  unheld: readonly string[],
): GateVerdict {
  const has = (verdict: GateVerdict) => decided.some((metric) => metric.verdict === verdict);
  if (has('FAIL') || thresholds.some(({ passed }) => !passed)) return 'FAIL';
  if (has('INCONCLUSIVE') || unheld.length > 0 || decided.length + thresholds.length === 0)
    return 'INCONCLUSIVE';
  return 'PASS';
}
