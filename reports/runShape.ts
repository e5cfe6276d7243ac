import type { Run } from '../contract/result.ts';
import { formatCount } from './numbers.ts';

/** True where several subscriptions share a connection: what is counted and divided by is then a stream. */
export function sharesConnections({ plan }: Pick<Run, 'plan'>): boolean {
  return plan.streamsPerConnection > 1;
}

/** A label that speaks of connections, said of streams where all these runs share connections, and of either where some do. */
export function perSubscriber(label: string, runs: readonly Pick<Run, 'plan'>[]): string {
  if (!runs.some(sharesConnections)) return label;
  const [opened, word] = runs.every(sharesConnections)
    ? ['streams opened', 'stream']
    : ['connections or streams opened', 'connection or stream'];
  return label
    .replace(/connects(?= per)/, opened)
    .replace('Connects', capitalised(opened))
    .replace(/\/conn$/, word === 'stream' ? '/stream' : '/conn')
    .replace(/(?<=per (?:idle )?)connection/, word);
}

function capitalised(text: string): string {
  return `${text[0]?.toUpperCase() ?? ''}${text.slice(1)}`;
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
  const shapes = [...new Set(shared.map((run) => `${run.stage}:${run.variant} ${describeShape(run)}`))];
  return `Streams share connections (${shapes.join('; ')}), so connects, handshakes and memory per connection are those of a stream there, with its share of the connection.`;
}
