/** Id of an event that is relayed and not kept: it goes out without one, so that no client resumes by it. */
export const NO_ID = 0;

/** One accepted message. Ids rise over all topics of a node, from 1; a bus that loses messages leaves some out. */
export interface PushEvent {
  /** {@link NO_ID}: relayed and not kept. */
  readonly id: number;
  readonly topic: string;
  /** The published body as it came; never changed. */
  readonly data: Buffer;
  /** The event as it goes on the wire, where a variant encodes each event once. */
  frame: Buffer | null;
}

/** Ids that a client may have missed and that are gone. */
export interface ReplayGap {
  /** First id that may be missing; null where the client's own id was never assigned by this node. */
  readonly from: number | null;
  readonly to: number;
}

export interface Missed {
  readonly gap: ReplayGap | null;
  readonly events: readonly PushEvent[];
  /** Everything up to this id is dealt with; ask again from here. */
  readonly cursor: number;
}

/** Topics whose last evicted id is remembered exactly; beyond them a gap may be told where none is. */
const MAX_TRACKED_TOPICS = 16_384;

/** The latest events of all topics, bounded by number and by bytes of data (encoded frames come on top). */
export class ReplayBuffer {
  readonly #ring: (PushEvent | undefined)[];
  readonly #maxEvents: number;
  readonly #maxBytes: number;
  /** Last evicted id by topic, oldest first. */
  readonly #evicted = new Map<string, number>();
  /** Ids that never came, oldest first, as far as they lie between events that are kept. */
  readonly #skips: { readonly from: number; readonly to: number }[] = [];
  /** Any topic may have lost events up to this id. */
  #evictedFloor = 0;
  #bytes = 0;
  #firstId = 1;
  #lastId = 0;

  constructor(maxEvents: number, maxBytes: number) {
    this.#maxEvents = maxEvents;
    this.#maxBytes = maxBytes;
    this.#ring = [];
  }

  get lastId(): number {
    return this.#lastId;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** Keeps the event under the next id, or under `id` where a bus has given one: above all before it. */
  append(topic: string, data: Buffer, id = this.#lastId + 1): PushEvent {
    this.skipTo(id - 1);
    const event: PushEvent = { id, topic, data, frame: null };
    this.#lastId = id;
    this.#ring[this.#slot(id)] = event;
    this.#bytes += data.length;
    this.#evictSurplus();
    return event;
  }

  /** Ids up to `toId` that are not here never will be: whoever resumes across them is told a gap. */
  skipTo(toId: number): void {
    if (toId <= this.#lastId) return;
    const from = this.#lastId + 1;
    if (toId - this.#firstId >= this.#maxEvents) this.#forgetAll(toId);
    else {
      this.#skips.push({ from, to: toId });
      this.#lastId = toId;
      this.#evictSurplus();
    }
  }

  /**
   * What a client of `topic` that saw `afterId` last has missed, up to `upToId` and about `maxBytes` of data, and no
   * further than to the next gap, which the next call tells: `cursor` says how far it got.
   * An id that was never assigned (NaN, or beyond the last) counts as having seen nothing, and as a gap.
   */
  after(afterId: number, topic: string, upToId = this.#lastId, maxBytes = Number.POSITIVE_INFINITY): Missed {
    const gap = this.#gapAfter(afterId, topic);
    const events: PushEvent[] = [];
    let cursor = Math.max(gap === null ? afterId : gap.to, this.#firstId - 1);
    let bytes = 0;
    const endId = Math.min(upToId, this.#beforeSkip(cursor));
    while (cursor < endId && bytes < maxBytes) {
      const event = this.#ring[this.#slot(++cursor)];
      if (event?.topic !== topic) continue;
      events.push(event);
      bytes += event.data.length;
    }
    return { gap, events, cursor };
  }

  #gapAfter(afterId: number, topic: string): ReplayGap | null {
    const to = Math.max(this.#evictedFloor, this.#evicted.get(topic) ?? 0);
    const isKnown = afterId >= 0 && afterId <= this.#lastId;
    if (!isKnown) return { from: null, to };
    if (afterId < to) return { from: afterId + 1, to };
    const skip = this.#skips.find((each) => each.to > afterId);
    return skip !== undefined && skip.from <= afterId + 1 ? { from: afterId + 1, to: skip.to } : null;
  }

  /** Last id before the next skip after `id`. */
  #beforeSkip(id: number): number {
    const skip = this.#skips.find((each) => each.to > id);
    return skip === undefined ? Number.POSITIVE_INFINITY : Math.max(id, skip.from - 1);
  }

  #evictSurplus(): void {
    while (this.#firstId <= this.#lastId && this.#isOver()) this.#evictOldest();
    while (this.#skips.length > 0 && this.#skips[0].to < this.#firstId) {
      this.#evictedFloor = this.#skips[0].to;
      this.#skips.shift();
    }
  }

  #forgetAll(toId: number): void {
    this.#ring.length = 0;
    this.#evicted.clear();
    this.#skips.length = 0;
    this.#bytes = 0;
    this.#firstId = toId + 1;
    this.#lastId = toId;
    this.#evictedFloor = toId;
  }

  #slot(id: number): number {
    // One slot more than events: an event is put in before the oldest is taken out.
    return id % (this.#maxEvents + 1);
  }

  #isOver(): boolean {
    return this.#lastId - this.#firstId + 1 > this.#maxEvents || this.#bytes > this.#maxBytes;
  }

  #evictOldest(): void {
    const slot = this.#slot(this.#firstId++);
    const event = this.#ring[slot];
    if (event === undefined) return;
    this.#ring[slot] = undefined;
    this.#bytes -= event.data.length;
    this.#noteEvicted(event);
  }

  #noteEvicted(event: PushEvent): void {
    // Deleted first, so that the map stays ordered by id and its first entry is the oldest.
    this.#evicted.delete(event.topic);
    this.#evicted.set(event.topic, event.id);
    if (this.#evicted.size <= MAX_TRACKED_TOPICS) return;
    for (const [topic, id] of this.#evicted) {
      this.#evicted.delete(topic);
      this.#evictedFloor = id;
      return;
    }
  }
}
