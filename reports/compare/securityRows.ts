import type { ProtectionCost } from '../../contract/comparison.ts';
import type { Comparison } from './comparison.ts';
import { figureOf } from './figures.ts';
import type { ComparisonMetric } from './metric.ts';
import {
  costOf,
  PROTECTION_FIGURES,
  type ProtectedGroup,
  type ProtectedServer,
  protectedServers,
} from './securityCost.ts';
import { ratioText } from './securityFinding.ts';
import type { ServerGroup } from './serverGroup.ts';

const NONE = '-';

/**
 * What protection costs as rows of texts, the first being the head: a row per server and kind, a figure with its ratio to the
 * least protected in each cell, in brackets where the intervals do not tell the two apart. Empty where one kind was run.
 */
export function securityRows(groups: readonly ServerGroup[], asked = PROTECTION_FIGURES): string[][] {
  const servers = protectedServers(groups);
  if (servers.length === 0) return [];
  const figures = asked.filter(({ metric }) => groups.some((group) => figureOf(group, metric) !== null));
  const rows = servers.flatMap((server) =>
    [server.base, ...server.others].map((one) => [
      one.group.label,
      ...figures.map(({ metric }) => cell(server, one, metric)),
    ]),
  );
  return [['protection', ...figures.map(({ name }) => name)], ...rows];
}

function cell(server: ProtectedServer, one: ProtectedGroup, metric: ComparisonMetric): string {
  const figure = figureOf(one.group, metric);
  if (!figure) return NONE;
  const value = `${metric.format(figure.estimate.value)}${figure.verdict === 'INVALID' ? ' ✗' : ''}`;
  const cost = one === server.base ? null : costOf(server, one, metric);
  if (!cost || cost.ratio === null) return value;
  const ratio = ratioText(cost.ratio);
  return `${value} ${cost.told === 'apart' || cost.told === 'alike' ? ratio : `(${ratio})`}`;
}

/** The same for machines, unrounded. */
export function securityJson({ groups }: Comparison): ProtectionCost[] {
  return protectedServers(groups).flatMap((server) =>
    server.others.flatMap((other) =>
      PROTECTION_FIGURES.flatMap(({ metric }) => {
        const cost = costOf(server, other, metric);
        if (!cost) return [];
        const { ratio, interval, told } = cost;
        return [
          {
            server: server.name,
            sweep: other.group.sweep,
            kind: other.kind,
            against: server.base.kind,
            metric: metric.id,
            ratio,
            interval,
            told,
          },
        ];
      }),
    ),
  );
}
