import { DEFAULT_TOPIC } from '../../contract/ingest.ts';
import { isTopic, TOPIC_RULE } from '../topics.ts';

/** What a client subscribes to. */
export interface Subscription {
  readonly topic: string;
  /** As the client sent it; null or empty: it has seen nothing and starts with what comes next. */
  readonly lastEventId: string | null;
}

export type ParsedSubscription =
  | ({ readonly state: 'valid' } & Subscription)
  | { readonly state: 'invalid'; readonly fault: string };

/**
 * What the query `?topic=…&lastEventId=…` of a request target asks for. The Last-Event-ID header goes before the `lastEventId` parameter: a browser
 * that reconnects by itself repeats the old URL and adds the header.
 */
export function parseSubscription(target: string, lastEventIdHeader: string | undefined): ParsedSubscription {
  const at = target.indexOf('?');
  const query = new URLSearchParams(at < 0 ? '' : target.slice(at));
  const topics = query.getAll('topic');
  if (topics.length > 1) return { state: 'invalid', fault: 'one topic per connection' };
  const topic = topics.length === 0 ? DEFAULT_TOPIC : topics[0];
  if (!isTopic(topic)) return { state: 'invalid', fault: TOPIC_RULE };
  return { state: 'valid', topic, lastEventId: lastEventIdHeader ?? query.get('lastEventId') };
}
