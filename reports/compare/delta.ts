import { serverLabel } from '../runLabel.ts';
import type { Comparison } from './comparison.ts';
import { type Figure, figureOf } from './figures.ts';
import { LADDER } from './ladderRows.ts';
import { mannWhitney } from './mannWhitney.ts';
import type { ComparisonMetric } from './metric.ts';
import type { ServerGroup } from './serverGroup.ts';

/** What a change of one figure allows to say. */
export type Outcome =
  /** It changed beyond chance, for the better or the worse. */
  | 'better'
  | 'worse'
  /** No difference that these runs show. */
  | 'same'
  /** Too few runs on a side for any test. */
  | 'tooFew';

/** One figure of one server, old and new. */
export interface Delta {
  readonly metric: ComparisonMetric;
  readonly old: Figure;
  readonly new: Figure;
  /** Change of the medians, of counts of the means per run, over the old one; null where the old one is 0. */
  readonly share: number | null;
  /** Of the Mann–Whitney U test; null where a side has fewer than four runs. */
  readonly p: number | null;
  readonly outcome: Outcome;
}

/** The same server on both sides. */
export interface DeltaPair {
  readonly old: ServerGroup;
  readonly new: ServerGroup;
  readonly deltas: readonly Delta[];
}

/** Two-sided level of the test, as benchstat has it. */
export const ALPHA = 0.05;

/**
 * Pairs the servers of an older and a newer result, by name and swept value; where no name is on both sides and each side
 * has one server, those two.
 */
export function deltaPairs(old: readonly ServerGroup[], newer: readonly ServerGroup[]): DeltaPair[] {
  const pairs = old.flatMap((group) => {
    const partner = newer.find((other) => keyOf(other) === keyOf(group));
    return partner ? [pairOf(group, partner)] : [];
  });
  const [a, b] = [old[0], newer[0]];
  if (pairs.length === 0 && old.length === 1 && newer.length === 1 && a && b) return [pairOf(a, b)];
  return pairs;
}

/** Every later source against the first. */
export function pairsOfSources({ sources, groups }: Comparison): DeltaPair[] {
  const of = (index: number) => groups.filter(({ source }) => source === index);
  return sources.slice(1).flatMap((_, i) => deltaPairs(of(0), of(i + 1)));
}

/** False where two different servers stand against each other, since each side has only one. */
export function isSameServer({ old, new: newer }: DeltaPair): boolean {
  return keyOf(old) === keyOf(newer);
}

/** Servers that are started by different commands share a label, and are different. */
function keyOf({ look, sweep }: ServerGroup): string {
  return JSON.stringify([serverLabel(look.run), look.run.plan.target, sweep]);
}

function pairOf(old: ServerGroup, newer: ServerGroup): DeltaPair {
  const deltas = LADDER.flatMap(({ metrics }) =>
    metrics.flatMap((metric) => deltaOfGroups(old, newer, metric) ?? []),
  );
  return { old, new: newer, deltas };
}

/** One figure of an older and a newer group; null where one of them has none. */
export function deltaOfGroups(old: ServerGroup, newer: ServerGroup, metric: ComparisonMetric): Delta | null {
  const [before, after] = [figureOf(old, metric), figureOf(newer, metric)];
  return before && after ? deltaOf(metric, perRun(before), perRun(after)) : null;
}

/** A ledger's count of one run in the mean: sums over three runs and over ten are no old and new. */
function perRun(figure: Figure): Figure {
  const { metric, estimate } = figure;
  if (!metric.isCount) return figure;
  return { ...figure, estimate: { ...estimate, value: estimate.value / estimate.values.length } };
}

function deltaOf(metric: ComparisonMetric, old: Figure, newer: Figure): Delta {
  const [before, after] = [old.estimate, newer.estimate];
  const p = mannWhitney(before.values, after.values);
  const share = before.value === 0 ? null : after.value / before.value - 1;
  return { metric, old, new: newer, share, p, outcome: outcomeOf(metric, old, newer, p) };
}

function outcomeOf(metric: ComparisonMetric, old: Figure, newer: Figure, p: number | null): Outcome {
  const [before, after] = [old.estimate, newer.estimate];
  const isOneValue = new Set([...before.values, ...after.values]).size === 1;
  if (isOneValue) return 'same';
  if (p === null) return 'tooFew';
  if (p >= ALPHA || before.value === after.value) return 'same';
  return after.value < before.value === (metric.better === 'lower') ? 'better' : 'worse';
}
