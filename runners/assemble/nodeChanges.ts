import type { ServerStats } from '../../contract/pushServer.ts';
import type { WindowEvidence } from '../session/evidence.ts';

/** What one node had counted at the end of a window, and at its start; null: it did not run then. */
export interface NodeChange {
  readonly before: ServerStats | null;
  readonly after: ServerStats;
}

/** Of every node that was not killed: those of the start need not be those of the end. */
export function nodeChanges({
  before,
  after,
}: {
  readonly before: Pick<WindowEvidence['before'], 'nodes'>;
  readonly after: Pick<WindowEvidence['after'], 'nodes'>;
}): NodeChange[] {
  const atStart = new Map(before.nodes.map(({ pid, stats }) => [pid, stats]));
  return after.nodes.map(({ pid, stats }) => ({ before: atStart.get(pid) ?? null, after: stats }));
}

/** By how much a count went up, over all nodes. */
export function rise(changes: readonly NodeChange[], of: (stats: ServerStats) => number): number {
  return changes.reduce((sum, { before, after }) => sum + of(after) - (before === null ? 0 : of(before)), 0);
}
