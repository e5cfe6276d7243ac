import { DEFAULT_TOPIC } from '../../contract/ingest.ts';
import { isTopic, TOPIC_RULE } from '../topics.ts';

export type PollRequest =
  | { readonly state: 'valid'; readonly topic: string; readonly cursor: string | null }
  | { readonly state: 'invalid'; readonly fault: string };

/** A query that is a topic and nothing else, without escapes: what nearly every poll asks. */
const PLAIN = /^\?topic=([\w.~-]{1,128})$/;

/** What `GET …?topic=t0&cursor=17` asks for. `path` has no query. */
export function parsePollRequest(target: string, path: string): PollRequest {
  const query = target.slice(path.length);
  // URLSearchParams costs more than the rest of the answer.
  const plain = PLAIN.exec(query);
  if (plain !== null) return { state: 'valid', topic: plain[1], cursor: null };
  const parameters = new URLSearchParams(query);
  const topics = parameters.getAll('topic');
  if (topics.length > 1) return { state: 'invalid', fault: 'one topic per poll' };
  const topic = topics.length === 0 ? DEFAULT_TOPIC : topics[0];
  if (!isTopic(topic)) return { state: 'invalid', fault: TOPIC_RULE };
  return { state: 'valid', topic, cursor: parameters.get('cursor') };
}
