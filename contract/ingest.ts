/**
 * The ingest contract, `POST /publish`.
 *
 * Single: the body is the event data, opaque; header `x-topic` is optional.
 * Batch (capability `ingestBatch`): content type {@link BATCH_CONTENT_TYPE}, the body is a sequence of records
 *
 *     <topic> SP <byte length of data, decimal> LF <data> LF
 *
 * 202: ids assigned and in the replay buffer; answered before the fan-out ends. 429 + Retry-After: refused.
 *
 * Header `x-kind: typing`: typing notices, relayed to those who are there and not kept: no id, nothing to resume. 400 where
 * the server relays none.
 *
 * Over a WebSocket a client says the same in its own room: a message, text or binary, that begins with
 * {@link SAY_PREFIX} or {@link TYPING_PREFIX}; the data follow it. Anything else is counted, and no more.
 */
export const PUBLISH_PATH = '/publish';
export const TOPIC_HEADER = 'x-topic';
export const KIND_HEADER = 'x-kind';
export const TYPING_KIND = 'typing';
export const SAY_PREFIX = 'say ';
export const TYPING_PREFIX = 'typing ';
export const SAYING_PREFIX = { message: SAY_PREFIX, typing: TYPING_PREFIX } as const;
export const BATCH_CONTENT_TYPE = 'application/vnd.pushbench.batch';

/** Topic of a message that names none. */
export const DEFAULT_TOPIC = 'default';

/** Name of the topic that carries a stream number. */
export function topicOf(stream: number): string {
  return `t${stream}`;
}
