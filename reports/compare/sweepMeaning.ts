import { formatUs, significant } from '../numbers.ts';
import type { Statement } from './meaning.ts';
import type { ServerGroup } from './serverGroup.ts';
import { sweptServers, sweptWhat } from './sweep.ts';

/** Where each server's latency leaves the level of its lightest load. */
export function kneeStatements(groups: readonly ServerGroup[]): Statement[] {
  const servers = sweptServers(groups);
  const what = sweptWhat(servers);
  return servers.flatMap(({ label, knee }): Statement[] => {
    if (!knee) return [];
    const bound = formatUs(knee.boundUs);
    const text = knee.isReached
      ? `The knee of ${label} lies at ${significant(knee.load)} ${what}: beyond it p99 exceeds ${bound}, twice that of the lightest load.`
      : `${label} has no knee up to ${significant(knee.load)} ${what}: its p99 stays within ${bound}, twice that of the lightest load.`;
    return [{ kind: 'note', text, claim: null, undecided: null, command: null }];
  });
}
