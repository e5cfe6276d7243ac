/**
 * The ingest contract, `POST /publish`.
 *
 * Single: the body is the event data, opaque; header `x-topic` is optional.
 * Batch (capability `ingestBatch`): content type {@link BATCH_CONTENT_TYPE}, the body is a sequence of records
 *
 *     <topic> SP <byte length of data, decimal> LF <data> LF
 *
 * 202: ids assigned and in the replay buffer; answered before the fan-out ends. 429 + Retry-After: refused.
 */
export const PUBLISH_PATH = '/publish';
export const TOPIC_HEADER = 'x-topic';
export const BATCH_CONTENT_TYPE = 'application/vnd.pushbench.batch';

/** Topic of a message that names none. */
export const DEFAULT_TOPIC = 'default';

/** Name of the topic that carries a stream number. */
export function topicOf(stream: number): string {
  return `t${stream}`;
}
