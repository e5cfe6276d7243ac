import type { Chunk, Stream, StreamTable } from './streams.ts';

/** Streams written to before events get their turn: 256 writes are about 2 ms. */
const SLICE_STREAMS = 256;

/** One timer for all streams; a round is cut into slices, so that it delays no event by the length of a round. */
export class Heartbeat<S extends Stream = Stream> {
  readonly #streams: StreamTable<S>;
  readonly #frame: Chunk | null;
  readonly #everyMs: number;
  #timer: NodeJS.Timeout | null = null;
  #slice: NodeJS.Immediate | null = null;

  /** `frame` is written to every stream each `everyMs` milliseconds; null: nothing beats. */
  constructor(streams: StreamTable<S>, frame: Chunk | null, everyMs: number) {
    this.#streams = streams;
    this.#frame = frame;
    this.#everyMs = everyMs;
  }

  start(): void {
    const frame = this.#frame;
    if (frame === null) return;
    this.#timer = setInterval(() => {
      // A round that is still going on stands for this one.
      if (this.#slice === null) this.#round(this.#streams.topics.all(), frame);
    }, this.#everyMs);
  }

  stop(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
    if (this.#slice !== null) clearImmediate(this.#slice);
    this.#timer = null;
    this.#slice = null;
  }

  #round(rest: Iterator<S, void, undefined>, frame: Chunk): void {
    this.#slice = null;
    for (let i = 0; i < SLICE_STREAMS; i++) {
      const { value, done } = rest.next();
      if (done || value === undefined) return;
      this.#streams.write(value, frame, 0);
    }
    this.#slice = setImmediate(() => this.#round(rest, frame));
  }
}
