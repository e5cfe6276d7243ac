import { DEFAULT_TOPIC, KIND_HEADER, TOPIC_HEADER, TYPING_KIND } from '../../../contract/ingest.ts';
import type { ConnectTarget, Saying } from '../../../contract/loadDriver.ts';
import { RefusedSaying } from '../../chat/refusedSaying.ts';

/** Head of a post by which a subscriber of `target` says something in its own room, names in lower case. */
export function postHeaders({ path }: ConnectTarget, saying: Saying): Record<string, string> {
  const query = path.indexOf('?');
  const topic = new URLSearchParams(query < 0 ? '' : path.slice(query)).get('topic') ?? DEFAULT_TOPIC;
  const kind: Record<string, string> = saying === 'typing' ? { [KIND_HEADER]: TYPING_KIND } : {};
  return { 'content-type': 'text/plain', [TOPIC_HEADER]: topic, ...kind };
}

/** What an answer means to who spoke; null: it was taken. */
export function answerError(status: number): Error | null {
  if (status >= 200 && status < 300) return null;
  return status === 429 ? new RefusedSaying('HTTP 429') : new Error(`HTTP ${status}`);
}
