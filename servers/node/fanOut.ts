import type { FlowLimits } from '../../contract/flow.ts';
import { NO_ID, type PushEvent } from '../replay.ts';
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
/** As far as messages are concerned, a slice brings a subscriber at most to its low mark. */
const sliceMessages = ({ connectionMessages }: FlowLimits): number => Math.max(1, connectionMessages.low);

/** Ids that go to nobody. */
interface Skip {
  /** Index in the queue of the first event after it. */
  readonly at: number;
  readonly toId: number;
  readonly reached: () => void;
}

/** Accepted events on their way to the streams, after the publisher has its answer. */
export class FanOut<S extends Stream = Stream> {
  readonly #streams: StreamTable<S>;
  readonly #deliver: Deliver<S>;
  #queue: PushEvent[] = [];
  #next = 0;
  /** Between the events of the queue, in order. */
  #skips: Skip[] = [];
  #queuedBytes = 0;
  #deliveredId = 0;
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

  get queuedMessages(): number {
    return this.#queue.length - this.#next;
  }

  /**
   * Events up to `toId` go to nobody here: kept from before this node was there, or lost on the way to it.
   * `reached` is called in their place: once what waits before them is delivered, before anything after them is.
   */
  passTo(toId: number, reached = () => {}): void {
    this.#skips.push({ at: this.#queue.length, toId, reached });
    if (this.#queue.length === 0) this.#passSkips();
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
    this.#skips = [];
    this.#next = 0;
    this.#queuedBytes = 0;
  }

  readonly #run = (): void => {
    this.#scheduled = null;
    for (const [topic, events] of this.#takeSlice()) {
      const streams = this.#streams.topics.of(topic);
      if (streams.size > 0) this.#deliver(events, streams);
    }
    this.#passSkips();
    if (this.#next < this.#queue.length) this.#scheduled = setImmediate(this.#run);
    else {
      this.#queue = [];
      this.#next = 0;
    }
  };

  #passSkips(): void {
    while (this.#skips.length > 0 && this.#skips[0].at === this.#next) {
      const { toId, reached } = this.#skips[0];
      this.#skips.shift();
      this.#deliveredId = Math.max(this.#deliveredId, toId);
      reached();
    }
  }

  #takeSlice(): Map<string, PushEvent[]> {
    const slice = new Map<string, PushEvent[]>();
    const most = this.#next + sliceMessages(this.#streams.flow.limits);
    const end = Math.min(most, this.#skips[0]?.at ?? this.#queue.length);
    let bytes = 0;
    while (this.#next < end && bytes < SLICE_BYTES) {
      const event = this.#queue[this.#next++];
      bytes += event.data.length;
      const sameTopic = slice.get(event.topic);
      if (sameTopic === undefined) slice.set(event.topic, [event]);
      else sameTopic.push(event);
      if (event.id !== NO_ID) this.#deliveredId = event.id;
    }
    this.#queuedBytes -= bytes;
    return slice;
  }
}
