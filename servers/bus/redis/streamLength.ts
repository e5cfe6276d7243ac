import type { BatchRecord } from '../../http/batch.ts';

/** Messages that the stream keeps, about: what a node may miss and still recover. */
const MAX_MESSAGES = 100_000;
/** Their bytes, about: a quarter of what a private Redis holds, since what nodes have not read yet counts there too. */
const MAX_BYTES = 256 * 1_048_576;
/** What an entry takes beside topic and data: its id, the names of its fields, the time. */
const ENTRY_BYTES = 64;
/** Messages over which the size is averaged, about. */
const WINDOW = 256;

/**
 * How long the stream may be. Redis bounds a stream by its number of entries alone, and one that is full refuses every
 * publish: so the number follows the size of the messages.
 */
export class StreamLength {
  #meanBytes = 0;

  /** @returns the entries to keep once these are in. */
  after(records: readonly BatchRecord[]): number {
    for (const { topic, data } of records) {
      const bytes = ENTRY_BYTES + topic.length + data.length;
      this.#meanBytes += this.#meanBytes === 0 ? bytes : (bytes - this.#meanBytes) / WINDOW;
    }
    return Math.max(1, Math.min(MAX_MESSAGES, Math.floor(MAX_BYTES / this.#meanBytes)));
  }
}
