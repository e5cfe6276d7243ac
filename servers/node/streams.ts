import type { Writable } from 'node:stream';
import { Farewells } from '../flow/farewells.ts';
import type { FlowController, FlowSubject } from '../flow/flowController.ts';
import type { Level, Refusal } from '../flow/refusal.ts';
import { Expiries } from '../security/expiries.ts';
import { Topics } from '../topics.ts';

/** What is written to a sink: bytes or text, or a message that the protocol serialises; `length` is about its size in bytes. */
export type Chunk = string | { readonly length: number };

/** One subscriber: where its bytes go, and what belongs to it. */
export interface Stream extends FlowSubject {
  /** A `ServerResponse`, or the socket itself once it is detached from HTTP. */
  readonly sink: Writable;
  readonly topic: string;
  /** Heartbeat of this stream alone, where the variant has one for each. */
  timer: NodeJS.Timeout | null;
  isOpen: boolean;
  /**
   * Ends the stream and says why, where its protocol can: it is above a mark, gets nothing more, and may come back.
   * Whoever has not closed 2 s later is destroyed; absent: destroyed at once.
   */
  refuse?(refusal: Refusal): void;
  /** Ends the stream and says that the token which opened it has ended; absent: the sink is ended. */
  expired?(): void;
}

/** What a node counts from its start on. */
export interface StreamCounts {
  accepted: number;
  refused: number;
  closed: number;
  errors: number;
  /** Messages accepted by POST /publish, and publishes that were answered 429. */
  published: number;
  /** Typing notices: passed on and not kept. */
  relayed: number;
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
    relayed: 0,
    publishRefused: 0,
    written: 0,
    slowReadersCut: 0,
    evicted: 0,
    gaps: 0,
  };
  readonly flow: FlowController;
  /** Streams that end with the token that opened them. */
  readonly expiries = new Expiries<S>((stream) => this.#expire(stream));
  readonly #farewells = new Farewells<S>();
  /** Streams whose last write had to wait: the only ones with bytes in user space worth counting. */
  readonly #congested = new Set<S>();

  constructor(flow: FlowController) {
    this.flow = flow;
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
   * Writes to one stream and counts `messages` as written; refuses a slow reader, frees a stream whose write fails.
   * @returns false where the stream has ended, or a slow reader was refused instead; else `done` is called, when the write
   * is over or has failed.
   */
  write(stream: S, chunk: Chunk, messages: number, done?: () => void): boolean {
    if (!this.hasRoom(stream)) return false;
    this.wrote(stream, stream.sink.write(chunk, done), messages, chunk.length);
    return true;
  }

  /**
   * For those who write by themselves: to be asked right before each write.
   * @returns false where the stream has ended, or a slow reader was refused instead.
   */
  hasRoom(stream: S): boolean {
    // Whoever writes several messages in turn goes on with the next: what has ended must not be ended or counted again.
    if (!stream.isOpen) return false;
    if (this.flow.mayWrite(stream)) return true;
    this.#refuse(stream);
    return false;
  }

  /** For those who write by themselves: what the sink said to it. `bytes` of the write: only sinks in object mode need them. */
  wrote(stream: S, sinkWantsMore: boolean, messages: number, bytes = 0): void {
    this.flow.wrote(stream, messages, bytes);
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
    this.expiries.forget(stream);
    this.counts.closed++;
  }

  /** What waits in user space for all slow readers, those who are being ended included. Costs one step for each of them. */
  level(): Level {
    let messages = 0;
    let bytes = 0;
    for (const stream of this.#slow()) {
      const level = this.flow.levelOf(stream);
      messages += level.messages;
      bytes += level.bytes;
    }
    return { messages, bytes };
  }

  destroyAll(): void {
    for (const stream of [...this.topics.all(), ...this.catchingUp]) {
      stream.sink.destroy();
      this.free(stream);
    }
    this.#farewells.destroyAll();
    this.expiries.stop();
  }

  *#slow(): Generator<S, void, undefined> {
    for (const stream of this.#congested) {
      if (stream.sink.writableLength === 0) this.#congested.delete(stream);
      else yield stream;
    }
    yield* this.#farewells.all();
  }

  /** After a write that said no: the sink is full, or it is gone and the stream is freed. */
  #isMerelyFull(stream: S): boolean {
    if (!stream.sink.destroyed) {
      this.#congested.add(stream);
      this.flow.stalled(stream);
      return true;
    }
    this.counts.errors++;
    this.free(stream);
    return false;
  }

  #expire(stream: S): void {
    this.free(stream);
    if (stream.expired !== undefined) stream.expired();
    else stream.sink.end();
    this.#farewells.add(stream);
  }

  #refuse(stream: S): void {
    this.counts.slowReadersCut++;
    this.free(stream);
    // A node that is itself above a mark has no room for what they hold meanwhile.
    if (stream.refuse === undefined || this.flow.isAboveServerMark(this.level())) stream.sink.destroy();
    else {
      stream.refuse(this.flow.refusalOf(stream));
      this.#farewells.add(stream);
    }
  }
}
