import { formatUs, significant } from '../numbers.ts';
import { METRIC } from './comparisonMetrics.ts';
import { pollIntervalUs } from './criteria.ts';
import { figureOf } from './figures.ts';
import { KNEE_FACTOR, type Knee } from './knee.ts';
import type { Statement } from './meaning.ts';
import type { ServerGroup } from './serverGroup.ts';
import { limitFinding, slowCosts, slowStatements } from './slowCost.ts';
import { type SweptServer, sweptServers, sweptWhat } from './sweep.ts';

/** Where each server's latency leaves the level of its lightest load, and what slow readers cost. */
export function kneeStatements(groups: readonly ServerGroup[]): Statement[] {
  const servers = sweptServers(groups);
  const what = sweptWhat(servers);
  const knees = servers.flatMap((server): Statement[] => {
    if (!server.knee) return [];
    const text = kneeText(server, server.knee, what);
    return [{ kind: 'note', text, claim: null, undecided: null, command: null }];
  });
  return [...knees, ...slowStatements(groups)];
}

/** What a sweep of one server shows, there being no other to tell it from; null for anything else. */
export function sweepFinding(groups: readonly ServerGroup[]): string | null {
  const costs = slowCosts(groups);
  if (costs.length > 0) return costs.join('; ');
  const [server, ...others] = sweptServers(groups);
  if (!server || others.length > 0 || server.groups.length < groups.length) return null;
  if (server.groups[0]?.sweep?.key === 'flowMessages') return limitFinding(server);
  const what = sweptWhat([server]);
  if (server.knee) return kneeText(server, server.knee, what).replace(/\.$/, '');
  const seen = server.groups.flatMap((group) => {
    const figure = figureOf(group, METRIC.p99);
    const verdict = figure?.verdict === 'VALID' ? '' : ` (${figure?.verdict})`;
    return figure
      ? [`${formatUs(figure.estimate.value)}${verdict} at ${significant(group.sweep?.value ?? 0)}`]
      : [];
  });
  return seen.length === 0 ? null : `p99 of ${server.label} over ${what}: ${seen.join(', ')}`;
}

function kneeText({ label, groups }: SweptServer, { load, isReached, boundUs }: Knee, what: string): string {
  const bound = formatUs(boundUs);
  if (isReached) {
    return `The knee of ${label} lies at ${significant(load)} ${what}: beyond it p99 exceeds ${bound}, twice that of the lightest load.`;
  }
  const waitUs = Math.max(...groups.map(pollIntervalUs));
  // Most of the lightest load's p99 is the wait: to double it, each poll would have to take as long again.
  if (2 * waitUs > boundUs / KNEE_FACTOR) {
    return `By p99 no knee of ${label} can be told up to ${significant(load)} ${what}: most of its p99 is the wait for the next poll, up to ${formatUs(waitUs)} by construction at every load.`;
  }
  return `${label} has no knee up to ${significant(load)} ${what}: its p99 stays within ${bound}, twice that of the lightest load.`;
}
