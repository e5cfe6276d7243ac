import { groupRuns, type ServerGroup, type Source } from './serverGroup.ts';
import { groupsOfOneLoad } from './sweep.ts';

/** Everything that a comparison is made of; reports are pure functions of it. */
export interface Comparison {
  readonly sources: readonly Source[];
  readonly groups: readonly ServerGroup[];
  /** The groups that share one load: the columns of every table. */
  readonly servers: readonly ServerGroup[];
}

/** Groups the runs of one or several results. */
export function compareSources(sources: readonly Source[]): Comparison {
  const groups = groupRuns(sources);
  return { sources, groups, servers: groupsOfOneLoad(groups) };
}
