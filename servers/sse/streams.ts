import type { Writable } from 'node:stream';
import { Topics } from '../topics.ts';

/** One subscriber: where its bytes go, and what belongs to it. */
export interface Stream {
  /** A `ServerResponse`, or the socket itself once it is detached from HTTP. */
  readonly sink: Writable;
  readonly topic: string;
  /** Heartbeat of this stream alone, where the variant has one for each. */
  timer: NodeJS.Timeout | null;
  isOpen: boolean;
}

export interface StreamCounts {
  accepted: number;
  refused: number;
  closed: number;
  errors: number;
  written: number;
  slowReadersCut: number;
  gaps: number;
}

/** All streams of a node: who is there, what is written to them, and when they are freed. */
export class StreamTable {
  readonly topics = new Topics<Stream>();
  /** Streams that still receive what they missed; not in `topics` yet. */
  readonly catchingUp = new Set<Stream>();
  readonly counts: StreamCounts = {
    accepted: 0,
    refused: 0,
    closed: 0,
    errors: 0,
    written: 0,
    slowReadersCut: 0,
    gaps: 0,
  };
  readonly #maxUnsentBytes: number;
  /** Streams whose last write had to wait: the only ones with bytes in user space worth counting. */
  readonly #congested = new Set<Stream>();

  constructor(maxUnsentBytes: number) {
    this.#maxUnsentBytes = maxUnsentBytes;
  }

  get connections(): number {
    return this.counts.accepted - this.counts.closed;
  }

  open(sink: Writable, topic: string): Stream {
    this.counts.accepted++;
    return { sink, topic, timer: null, isOpen: true };
  }

  /**
   * Writes to one stream and counts `messages` as written; cuts a slow reader, frees a stream whose write fails.
   * @returns false where a slow reader was cut instead; else `done` is called, when the write is over or has failed.
   */
  write(stream: Stream, chunk: Buffer | string, messages: number, done?: () => void): boolean {
    const { sink } = stream;
    if (sink.writableLength > this.#maxUnsentBytes) {
      this.#cut(stream);
      return false;
    }
    if (sink.write(chunk, done) || this.#isMerelyFull(stream)) this.counts.written += messages;
    return true;
  }

  /** Forgets a stream; safe to call again. */
  free(stream: Stream): void {
    if (!stream.isOpen) return;
    stream.isOpen = false;
    if (stream.timer !== null) clearInterval(stream.timer);
    this.topics.remove(stream);
    this.catchingUp.delete(stream);
    this.#congested.delete(stream);
    this.counts.closed++;
  }

  /** Bytes waiting in user space for all slow readers. Costs one step per congested stream. */
  unsentBytes(): number {
    let total = 0;
    for (const stream of this.#congested) {
      if (stream.sink.writableLength === 0) this.#congested.delete(stream);
      total += stream.sink.writableLength;
    }
    return total;
  }

  destroyAll(): void {
    for (const stream of [...this.topics.all(), ...this.catchingUp]) {
      stream.sink.destroy();
      this.free(stream);
    }
  }

  /** After a write that said no: the sink is full, or it is gone and the stream is freed. */
  #isMerelyFull(stream: Stream): boolean {
    if (!stream.sink.destroyed) {
      this.#congested.add(stream);
      return true;
    }
    this.counts.errors++;
    this.free(stream);
    return false;
  }

  #cut(stream: Stream): void {
    this.counts.slowReadersCut++;
    stream.sink.destroy();
    this.free(stream);
  }
}
