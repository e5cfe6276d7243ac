import type { Run } from '../../contract/result.ts';
import { SECURITY_KINDS } from '../../contract/security.ts';
import { shapedName } from '../runLabel.ts';
import { METRIC } from './comparisonMetrics.ts';
import { areApart, type Estimate } from './estimate.ts';
import { type Figure, figureOf } from './figures.ts';
import type { ComparisonMetric } from './metric.ts';
import type { ServerGroup } from './serverGroup.ts';

export type ProtectionKind = Run['security']['kind'];

/** A server under one kind of protection. */
export interface ProtectedGroup {
  readonly kind: ProtectionKind;
  readonly group: ServerGroup;
}

/** One server under each protection that it was run with, the least protected first: the others are held against that one. */
export interface ProtectedServer {
  readonly name: string;
  readonly base: ProtectedGroup;
  readonly others: readonly ProtectedGroup[];
}

/** What a figure costs more under protection. */
export interface ProtectionCost {
  readonly figure: Figure;
  /** Over the base's figure; null where that is 0, lost in noise, or one of the two is INVALID. */
  readonly ratio: number | null;
  /** Ends of the two intervals over each other: wider than an interval of the ratio itself would be; null where one is not known. */
  readonly interval: { readonly low: number; readonly high: number } | null;
  /** What may be said of it. */
  readonly told: 'apart' | 'notApart' | 'alike' | 'singleRun' | 'invalid';
}

/** Medians closer than this are alike, however many runs would tell them apart. */
const ALIKE = 0.02;

/** A figure that protection may cost, by the name that it has in a sentence. */
export interface ProtectionFigure {
  readonly metric: ComparisonMetric;
  readonly name: string;
}

/** In the order in which a reader asks: connecting, memory, deliveries. */
export const PROTECTION_FIGURES: readonly ProtectionFigure[] = [
  { metric: METRIC.handshakeMedian, name: 'handshake p50' },
  { metric: METRIC.handshake, name: 'handshake p95' },
  { metric: METRIC.connects, name: 'connects' },
  { metric: METRIC.memory, name: 'server memory' },
  { metric: METRIC.clientMemory, name: 'client memory' },
  { metric: METRIC.kernel, name: 'kernel memory' },
  { metric: METRIC.deliveryCpu, name: 'CPU per delivery' },
  { metric: METRIC.publishCpu, name: 'CPU per publish' },
  { metric: METRIC.p99, name: 'delivery p99' },
];

/** The servers that were run under more than one kind of protection; empty where none was. */
export function protectedServers(groups: readonly ServerGroup[]): ProtectedServer[] {
  const atEachLoad = [...new Set(groups.map(placeOf))];
  return atEachLoad.flatMap((place): ProtectedServer[] => {
    const own = groups.filter((group) => placeOf(group) === place);
    const kinds = SECURITY_KINDS.flatMap((kind) => {
      const group = own.find(({ look }) => look.run.security.kind === kind);
      return group ? [{ kind, group }] : [];
    });
    const [base, ...others] = kinds;
    return base && others.length > 0 ? [{ name: nameOf(base.group), base, others }] : [];
  });
}

/** The servers as they are protected least, so that a stage is not held against another one's protection. */
export function leastProtected(groups: readonly ServerGroup[]): ServerGroup[] {
  const dearer = new Set(protectedServers(groups).flatMap(({ others }) => others.map(({ group }) => group)));
  return groups.filter((group) => !dearer.has(group));
}

/** A server at one value of a sweep is never held against itself at another. */
function placeOf(group: ServerGroup): string {
  return JSON.stringify([nameOf(group), group.sweep]);
}

/** Another result's server is another server. */
function nameOf({ look, label }: ServerGroup): string {
  const name = shapedName(look.run);
  const source = /( \(.+\))$/.exec(label)?.[1] ?? '';
  return `${name}${source}`;
}

/** The figure of `other` against the base's; null where one of them has none. */
export function costOf(
  { base }: Pick<ProtectedServer, 'base'>,
  other: ProtectedGroup,
  metric: ComparisonMetric,
): ProtectionCost | null {
  const [before, figure] = [figureOf(base.group, metric), figureOf(other.group, metric)];
  if (!before || !figure) return null;
  const told = tellable(before, figure);
  const isRatio = told !== 'invalid' && before.estimate.value > 0 && figure.estimate.value > 0;
  return {
    figure,
    ratio: isRatio ? figure.estimate.value / before.estimate.value : null,
    interval: isRatio ? quotient(figure.estimate, before.estimate) : null,
    told,
  };
}

function tellable(before: Figure, after: Figure): ProtectionCost['told'] {
  if (before.verdict === 'INVALID' || after.verdict === 'INVALID') return 'invalid';
  if (!before.estimate.interval || !after.estimate.interval) return 'singleRun';
  if (Math.abs(after.estimate.value / before.estimate.value - 1) <= ALIKE) return 'alike';
  return areApart(before.estimate, after.estimate) ? 'apart' : 'notApart';
}

function quotient({ interval: over }: Estimate, { interval: under }: Estimate): ProtectionCost['interval'] {
  if (!over || !under || under.low <= 0 || over.low <= 0) return null;
  return { low: over.low / under.high, high: over.high / under.low };
}
