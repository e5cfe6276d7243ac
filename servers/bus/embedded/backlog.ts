/** Frames of the latest messages, for nodes that come back: bounded by messages and by bytes. */
export class Backlog {
  readonly #maxMessages: number;
  readonly #maxBytes: number;
  #kept: { readonly lastId: number; readonly count: number; readonly bytes: Buffer }[] = [];
  /** Index in `#kept` of the oldest one still there; moved on rather than shifted out one by one. */
  #first = 0;
  #messages = 0;
  #bytes = 0;

  constructor(maxMessages: number, maxBytes: number) {
    this.#maxMessages = maxMessages;
    this.#maxBytes = maxBytes;
  }

  add(lastId: number, count: number, bytes: Buffer): void {
    this.#kept.push({ lastId, count, bytes });
    this.#messages += count;
    this.#bytes += bytes.length;
    while (this.#messages > this.#maxMessages || this.#bytes > this.#maxBytes) this.#dropOldest();
    if (this.#first < 1_024 || this.#first * 2 < this.#kept.length) return;
    this.#kept = this.#kept.slice(this.#first);
    this.#first = 0;
  }

  /** Id before the oldest message kept; `lastId` where nothing is. */
  beforeOldest(lastId: number): number {
    const oldest = this.#kept[this.#first];
    return oldest === undefined ? lastId : oldest.lastId - oldest.count;
  }

  /** Frames that hold a message after `id`. */
  *after(id: number): Generator<Buffer, void, undefined> {
    for (let i = this.#first; i < this.#kept.length; i++) {
      if (this.#kept[i].lastId > id) yield this.#kept[i].bytes;
    }
  }

  #dropOldest(): void {
    const { count, bytes } = this.#kept[this.#first++];
    this.#messages -= count;
    this.#bytes -= bytes.length;
  }
}
