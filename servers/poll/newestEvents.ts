import type { PushEvent } from '../replay.ts';

/** Topics whose newest event is kept, and bytes of their data: beyond, the topic that was silent longest is forgotten. */
const MAX_TOPICS = 262_144;
const MAX_BYTES = 256 * 1_048_576;

/** The newest event of every topic: the state that a poll asks for. */
export class NewestEvents {
  readonly #byTopic = new Map<string, PushEvent>();
  readonly #maxTopics: number;
  readonly #maxBytes: number;
  #bytes = 0;

  constructor(maxTopics = MAX_TOPICS, maxBytes = MAX_BYTES) {
    this.#maxTopics = maxTopics;
    this.#maxBytes = maxBytes;
  }

  put(event: PushEvent): void {
    this.#forget(event.topic);
    const kept = { ...event, data: ownBytes(event.data) };
    // Deleted first, so that the map stays ordered by age and its first entry is the oldest.
    this.#byTopic.set(event.topic, kept);
    this.#bytes += kept.data.length;
    while (this.#byTopic.size > this.#maxTopics || (this.#bytes > this.#maxBytes && this.#byTopic.size > 1)) {
      for (const oldest of this.#byTopic.keys()) {
        this.#forget(oldest);
        break;
      }
    }
  }

  of(topic: string): PushEvent | undefined {
    return this.#byTopic.get(topic);
  }

  #forget(topic: string): void {
    const event = this.#byTopic.get(topic);
    if (event === undefined) return;
    this.#byTopic.delete(topic);
    this.#bytes -= event.data.length;
  }
}

/** Data of a batch are views of its whole body, which a view would keep. Not from Node's pool, which is shared as well. */
function ownBytes(data: Buffer): Buffer {
  if (data.buffer.byteLength === data.length) return data;
  const own = Buffer.allocUnsafeSlow(data.length);
  data.copy(own);
  return own;
}
