import type { ServerOptions } from '../../contract/pushServer.ts';
import type { Stream, StreamTable } from '../node/streams.ts';
import { heartbeatFrame } from './frames.ts';

/** Streams written to before events get their turn: 256 writes are about 2 ms. */
const SLICE_STREAMS = 256;

/** One timer for all streams; a round is cut into slices, so that it delays no event by the length of a round. */
export class Heartbeat {
  readonly #streams: StreamTable;
  readonly #bytes: Buffer | null;
  readonly #everyMs: number;
  #timer: NodeJS.Timeout | null = null;
  #slice: NodeJS.Immediate | null = null;

  constructor(streams: StreamTable, options: Pick<ServerOptions, 'heartbeat' | 'heartbeatMs'>) {
    this.#streams = streams;
    this.#bytes = options.heartbeat === 'none' ? null : Buffer.from(heartbeatFrame(options.heartbeat));
    this.#everyMs = options.heartbeatMs;
  }

  start(): void {
    const bytes = this.#bytes;
    if (bytes === null) return;
    this.#timer = setInterval(() => {
      // A round that is still going on stands for this one.
      if (this.#slice === null) this.#round(this.#streams.topics.all(), bytes);
    }, this.#everyMs);
  }

  stop(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
    if (this.#slice !== null) clearImmediate(this.#slice);
    this.#timer = null;
    this.#slice = null;
  }

  #round(rest: Iterator<Stream, void, undefined>, bytes: Buffer): void {
    this.#slice = null;
    for (let i = 0; i < SLICE_STREAMS; i++) {
      const { value, done } = rest.next();
      if (done || value === undefined) return;
      this.#streams.write(value, bytes, 0);
    }
    this.#slice = setImmediate(() => this.#round(rest, bytes));
  }
}
