import type { Run } from '../contract/result.ts';
import { formatCount } from './numbers.ts';

/** True where several subscriptions share a connection: what is counted and divided by is then a stream. */
export function sharesConnections({ plan }: Pick<Run, 'plan'>): boolean {
  return plan.streamsPerConnection > 1;
}

/** What one subscriber is called over these runs. */
export function subscriberWord(runs: readonly Run[]): 'stream' | 'connection' {
  return runs.length > 0 && runs.every(sharesConnections) ? 'stream' : 'connection';
}

/** `5 000 connections`; where they share connections `5 000 streams over 50 connections, 100 on each`. */
export function describeShape({ plan, connections }: Pick<Run, 'plan' | 'connections'>): string {
  const count = formatCount(connections.established);
  if (!sharesConnections({ plan })) return `${count} connections`;
  const shared = formatCount(plan.streamsPerConnection);
  const { tcp } = connections;
  if (tcp === null) return `${count} streams, ${shared} on each connection`;
  const full = tcp * plan.streamsPerConnection === connections.established;
  return `${count} streams over ${formatCount(tcp)} connections, ${full ? '' : 'up to '}${shared} on each`;
}

/** What the shape does to figures that are divided by connections; null where each subscriber has its own. */
export function shapeNote(runs: readonly Run[]): string | null {
  const shared = runs.filter(sharesConnections);
  if (shared.length === 0) return null;
  const shapes = [...new Set(shared.map((run) => `${run.stage}: ${describeShape(run)}`))];
  return `Streams share connections (${shapes.join('; ')}), so connects, handshakes and memory per connection are those of a stream there, with its share of the connection.`;
}
