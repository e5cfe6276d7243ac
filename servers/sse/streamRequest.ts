import { DEFAULT_TOPIC } from '../../contract/ingest.ts';
import { isTopic, TOPIC_RULE } from '../topics.ts';

export const EVENTS_PATH = '/events';

export type StreamRequest =
  | { readonly state: 'valid'; readonly topic: string; readonly lastEventId: string | null }
  | { readonly state: 'invalid'; readonly fault: string };

/**
 * What `GET /events?topic=…` asks for. The Last-Event-ID header goes before the `lastEventId` parameter: a browser
 * that reconnects by itself repeats the old URL and adds the header.
 */
export function parseStreamRequest(target: string, lastEventIdHeader: string | undefined): StreamRequest {
  const query = new URLSearchParams(target.slice(EVENTS_PATH.length));
  const topics = query.getAll('topic');
  if (topics.length > 1) return { state: 'invalid', fault: 'one topic per connection' };
  const topic = topics.length === 0 ? DEFAULT_TOPIC : topics[0];
  if (!isTopic(topic)) return { state: 'invalid', fault: TOPIC_RULE };
  return { state: 'valid', topic, lastEventId: lastEventIdHeader ?? query.get('lastEventId') };
}
