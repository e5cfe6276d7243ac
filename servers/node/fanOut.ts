import type { PushEvent } from '../replay.ts';
import type { Stream, StreamTable } from './streams.ts';

/** Writes events of one topic, in order, to its streams. */
export type Deliver<S extends Stream = Stream> = (
  events: readonly PushEvent[],
  streams: ReadonlySet<S>,
) => void;

/**
 * Bytes of event data handed out before the event loop turns: node:http holds a socket's writes back until the
 * end of the tick, and what is held back must stay far below the limit at which a slow reader is cut.
 */
const SLICE_BYTES = 65_536;

/** Accepted events on their way to the streams, after the publisher has its answer. */
export class FanOut<S extends Stream = Stream> {
  readonly #streams: StreamTable<S>;
  readonly #deliver: Deliver<S>;
  #queue: PushEvent[] = [];
  #next = 0;
  #queuedBytes = 0;
  #deliveredId = 0;
  #passedId = 0;
  #scheduled: NodeJS.Immediate | null = null;

  constructor(streams: StreamTable<S>, deliver: Deliver<S>) {
    this.#streams = streams;
    this.#deliver = deliver;
  }

  /** Every event up to this id has been written to all streams that were in its topic. */
  get deliveredId(): number {
    return this.#deliveredId;
  }

  get queuedBytes(): number {
    return this.#queuedBytes;
  }

  /** Events up to `id` go to nobody here: kept from before this node was there, or lost on the way to it. */
  passTo(id: number): void {
    this.#passedId = Math.max(this.#passedId, id);
    // What waits in the queue has to be delivered first.
    if (this.#queue.length === 0) this.#deliveredId = Math.max(this.#deliveredId, id);
  }

  enqueue(event: PushEvent): void {
    this.#queue.push(event);
    this.#queuedBytes += event.data.length;
    // An immediate runs after this turn's reads: pipelined publishes are answered before any of them fans out.
    this.#scheduled ??= setImmediate(this.#run);
  }

  stop(): void {
    if (this.#scheduled !== null) clearImmediate(this.#scheduled);
    this.#scheduled = null;
    this.#queue = [];
    this.#next = 0;
    this.#queuedBytes = 0;
  }

  readonly #run = (): void => {
    this.#scheduled = null;
    for (const [topic, events] of this.#takeSlice()) {
      const streams = this.#streams.topics.of(topic);
      if (streams.size > 0) this.#deliver(events, streams);
    }
    if (this.#next < this.#queue.length) this.#scheduled = setImmediate(this.#run);
    else {
      this.#queue = [];
      this.#next = 0;
      this.#deliveredId = Math.max(this.#deliveredId, this.#passedId);
    }
  };

  #takeSlice(): Map<string, PushEvent[]> {
    const slice = new Map<string, PushEvent[]>();
    let bytes = 0;
    while (this.#next < this.#queue.length && bytes < SLICE_BYTES) {
      const event = this.#queue[this.#next++];
      bytes += event.data.length;
      const sameTopic = slice.get(event.topic);
      if (sameTopic === undefined) slice.set(event.topic, [event]);
      else sameTopic.push(event);
      this.#deliveredId = event.id;
    }
    this.#queuedBytes -= bytes;
    return slice;
  }
}
