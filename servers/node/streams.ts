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

/** What a node counts from its start on. */
export interface StreamCounts {
  accepted: number;
  refused: number;
  closed: number;
  errors: number;
  /** Messages accepted by POST /publish, and publishes that were answered 429. */
  published: number;
  publishRefused: number;
  written: number;
  slowReadersCut: number;
  /** Peers that answered no ping. */
  evicted: number;
  gaps: number;
}

/** All streams of a node: who is there, what is written to them, and when they are freed. */
export class StreamTable<S extends Stream = Stream> {
  readonly topics = new Topics<S>();
  /** Streams that still receive what they missed; not in `topics` yet. */
  readonly catchingUp = new Set<S>();
  readonly counts: StreamCounts = {
    accepted: 0,
    refused: 0,
    closed: 0,
    errors: 0,
    published: 0,
    publishRefused: 0,
    written: 0,
    slowReadersCut: 0,
    evicted: 0,
    gaps: 0,
  };
  readonly #maxUnsentBytes: number;
  /** Streams whose last write had to wait: the only ones with bytes in user space worth counting. */
  readonly #congested = new Set<S>();

  constructor(maxUnsentBytes: number) {
    this.#maxUnsentBytes = maxUnsentBytes;
  }

  get connections(): number {
    return this.counts.accepted - this.counts.closed;
  }

  /** Counts a new stream in; it gets messages once it is in `topics`. */
  open(stream: S): S {
    this.counts.accepted++;
    return stream;
  }

  /**
   * Writes to one stream and counts `messages` as written; cuts a slow reader, frees a stream whose write fails.
   * @returns false where a slow reader was cut instead; else `done` is called, when the write is over or has failed.
   */
  write(stream: S, chunk: Buffer | string, messages: number, done?: () => void): boolean {
    if (!this.hasRoom(stream)) return false;
    this.wrote(stream, stream.sink.write(chunk, done), messages);
    return true;
  }

  /** For those who write by themselves: to be asked before. @returns false where a slow reader was cut instead. */
  hasRoom(stream: S): boolean {
    if (stream.sink.writableLength <= this.#maxUnsentBytes) return true;
    this.#cut(stream);
    return false;
  }

  /** For those who write by themselves: what the sink said to it. */
  wrote(stream: S, sinkWantsMore: boolean, messages: number): void {
    if (sinkWantsMore || this.#isMerelyFull(stream)) this.counts.written += messages;
  }

  /** Forgets a stream; safe to call again. */
  free(stream: S): void {
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
  #isMerelyFull(stream: S): boolean {
    if (!stream.sink.destroyed) {
      this.#congested.add(stream);
      return true;
    }
    this.counts.errors++;
    this.free(stream);
    return false;
  }

  #cut(stream: S): void {
    this.counts.slowReadersCut++;
    stream.sink.destroy();
    this.free(stream);
  }
}
