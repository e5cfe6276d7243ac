import { significant } from '../numbers.ts';
import { METRIC } from './comparisonMetrics.ts';
import { listOf } from './listOf.ts';
import {
  costOf,
  PROTECTION_FIGURES,
  type ProtectedGroup,
  type ProtectedServer,
  type ProtectionCost,
  type ProtectionFigure,
  type ProtectionKind,
  protectedServers,
} from './securityCost.ts';
import type { ServerGroup } from './serverGroup.ts';

/** What a kind is called in a sentence. */
export const KIND_NAMES: Readonly<Record<ProtectionKind, string>> = {
  plain: 'no protection',
  tls: 'TLS',
  'mtls-jwt': 'mutual TLS with tokens',
};

/** Of a headline: what is paid for as long as connections live, and what each of them pays once. */
const TOLD_FIRST: ReadonlySet<string> = new Set([
  METRIC.deliveryCpu.id,
  METRIC.memory.id,
  METRIC.handshake.id,
]);

/** `+14 %`, `−3 %`, `×6.8`, `÷2.1`: the same in every table and sentence. */
export function ratioText(ratio: number): string {
  if (ratio >= 2) return `×${significant(ratio, 2)}`;
  if (ratio <= 0.5) return `÷${significant(1 / ratio, 2)}`;
  const percent = Math.round((ratio - 1) * 100);
  if (percent === 0) return '±0 %';
  return `${percent > 0 ? '+' : '−'}${Math.abs(percent)} %`;
}

/** What protection costs, a clause per kind; empty where only one kind was run. */
export function securityFinding(groups: readonly ServerGroup[]): string[] {
  const servers = protectedServers(groups);
  const kinds = [...new Set(servers.flatMap(({ others }) => others.map(({ kind }) => kind)))];
  const clauses = kinds.map((kind) => {
    const told = PROTECTION_FIGURES.filter(({ metric }) => TOLD_FIRST.has(metric.id));
    const parts = told.flatMap((figure) => clause(servers, kind, figure));
    return `${KIND_NAMES[kind]}${over(servers, kind)}: ${parts.length === 0 ? 'its cost was not measured' : parts.join(', ')}`;
  });
  return clauses.map((text, i) => (i === 0 ? capitalised(text) : text));
}

/** What it is held against goes without saying only where that is no protection at all. */
function over(servers: readonly ProtectedServer[], kind: ProtectionKind): string {
  const held = servers.filter(({ others }) => others.some((one) => one.kind === kind));
  const bases = [...new Set(held.map(({ base }) => base.kind))];
  return bases.every((base) => base === 'plain')
    ? ''
    : `, over ${listOf(bases.map((base) => KIND_NAMES[base]))}`;
}

function capitalised(text: string): string {
  return `${text[0]?.toUpperCase() ?? ''}${text.slice(1)}`;
}

function clause(
  servers: readonly ProtectedServer[],
  kind: ProtectionKind,
  { metric, name: what }: ProtectionFigure,
): string[] {
  const costs = servers.flatMap((server) => {
    const other = server.others.find((one) => one.kind === kind);
    return (other && costOf(server, other, metric)) ?? [];
  });
  if (costs.length === 0) return [];
  const apart = costs.flatMap(({ told, ratio }) => (told === 'apart' && ratio !== null ? [ratio] : []));
  if (apart.length === 0) return [`${what} ${unclaimed(costs)}`];
  return [`${what} ${span(apart)}${withoutRatio(costs)}`];
}

/** Servers that the ratio is not told of, and why. */
const NOT_TOLD: readonly (readonly [ProtectionCost['told'], string])[] = [
  ['alike', 'alike'],
  ['notApart', 'not told apart'],
  ['singleRun', 'from a single usable run'],
  ['invalid', 'INVALID'],
];

function withoutRatio(costs: readonly ProtectionCost[]): string {
  const parts = NOT_TOLD.flatMap(([kind, words]) => {
    const count = costs.filter(({ told }) => told === kind).length;
    return count === 0 ? [] : [`${count} ${words}`];
  });
  return parts.length === 0 ? '' : ` (of ${costs.length} servers ${listOf(parts)})`;
}

/** The least and the most of what was told. */
function span(ratios: readonly number[]): string {
  const texts = [Math.min(...ratios), Math.max(...ratios)].map(ratioText);
  return [...new Set(texts)].join(' to ');
}

function unclaimed(costs: readonly ProtectionCost[]): string {
  if (costs.every(({ told }) => told === 'invalid')) return 'not comparable (INVALID)';
  if (costs.every(({ told }) => told === 'singleRun' || told === 'invalid'))
    return 'from a single usable run, so nothing is claimed';
  return costs.every(({ told }) => told === 'alike') ? 'alike' : 'not told apart';
}

/** What one kind costs one server, figure by figure, as a sentence. */
export interface CostSentence {
  readonly text: string;
  /** Those asked about and not decided. */
  readonly open: readonly ServerGroup[];
}

interface NamedCost extends ProtectionCost {
  readonly name: string;
}

/** A sentence per server and kind. */
export function costSentences(groups: readonly ServerGroup[]): CostSentence[] {
  return protectedServers(groups).flatMap((server) => server.others.map((other) => sentence(server, other)));
}

function sentence(server: ProtectedServer, other: ProtectedGroup): CostSentence {
  const costs = PROTECTION_FIGURES.flatMap(({ metric, name }): NamedCost[] => {
    const cost = costOf(server, other, metric);
    return cost ? [{ ...cost, name }] : [];
  });
  const are = (...kinds: readonly ProtectionCost['told'][]) =>
    costs.filter(({ told }) => kinds.includes(told));
  const open = are('notApart', 'singleRun');
  const parts = [
    sentencePart('', are('apart').map(named), '; '),
    sentencePart(
      'Alike: ',
      are('alike').map(({ name }) => name),
    ),
    sentencePart('Not told apart: ', open.map(seen)),
    sentencePart(
      'INVALID, and not compared: ',
      are('invalid').map(({ name }) => name),
    ),
  ].filter(Boolean);
  const told = parts.length === 0 ? ['nothing was measured on both sides'] : parts;
  return {
    text: `${capitalised(KIND_NAMES[other.kind])} on ${server.name}, against ${server.base.kind}. ${told.join('. ')}.`,
    open: open.length > 0 ? [server.base.group, other.group] : [],
  };
}

function sentencePart(head: string, names: readonly string[], between?: string): string {
  if (names.length === 0) return '';
  const list = between ? names.join(between) : listOf(names);
  return capitalised(`${head}${list}`);
}

function named({ name, figure, ratio }: NamedCost): string {
  const value = figure.metric.format(figure.estimate.value);
  return `${name} ${value}${ratio === null ? '' : ` (${ratioText(ratio)})`}`;
}

function seen({ name, ratio }: NamedCost): string {
  return `${name}${ratio === null ? '' : ` (seen ${ratioText(ratio)})`}`;
}
