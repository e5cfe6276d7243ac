import type { ComparedFigure, ComparisonJson } from '../../contract/comparison.ts';
import type { Comparison } from './comparison.ts';
import { comparisonHeadline } from './comparisonHeadline.ts';
import { pairsOfSources } from './delta.ts';
import { differencesOf } from './differences.ts';
import { type Figure, figuresOf } from './figures.ts';
import { LADDER } from './ladderRows.ts';
import { meaning } from './meaning.ts';
import { securityJson } from './securityRows.ts';
import { sweptServers } from './sweep.ts';

/** The comparison for machines: every figure unrounded, with its interval and the kind of it. */
export function comparisonJson(comparison: Comparison): ComparisonJson {
  const { sources, servers, groups } = comparison;
  const metrics = LADDER.flatMap(({ metrics: part }) => part);
  return {
    headline: comparisonHeadline(comparison),
    sources: sources.map(({ name, result: { createdAt, command, tool } }) => ({
      name,
      createdAt,
      command,
      tool,
    })),
    differences: differencesOf(sources, servers),
    figures: metrics.flatMap((metric) => figuresOf(groups, metric).map(figureJson)),
    security: securityJson(comparison),
    statements: meaning(servers).map(({ kind, text, command }) => ({ kind, text, command })),
    knees: sweptServers(groups).map(({ label, knee }) => ({ server: label, knee })),
    deltas: pairsOfSources(comparison).flatMap(({ deltas }) =>
      deltas.map(({ metric, old, new: newer, share, p, outcome }) => ({
        metric: metric.id,
        better: metric.better,
        old: figureJson(old),
        new: figureJson(newer),
        share,
        p,
        outcome,
      })),
    ),
  };
}

function figureJson({ group, metric, estimate, verdict, isSupported }: Figure): ComparedFigure {
  return {
    server: group.label,
    sweep: group.sweep,
    metric: metric.id,
    unit: metric.unit,
    value: estimate.value,
    interval: estimate.interval,
    n: estimate.values.length,
    verdict,
    isSupported,
  };
}
