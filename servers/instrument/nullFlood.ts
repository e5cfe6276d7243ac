import { nowUs } from '../../contract/clock.ts';
import { type Envelope, writeEnvelope } from '../../contract/envelope.ts';

/** One subscription that is written to. */
export interface NullSubscriber {
  /** Sequence number of its next message. */
  seq: number;
  /** Gone: nothing is written any more. */
  isGone: boolean;
  /** One message in one write. @returns whether it can take the next one; else it says so by `ready` */
  write(frame: Buffer): boolean;
}

/** Makes the frame of a message, as it goes to every subscriber. */
export type FrameOf = (payload: Buffer, seq: number) => Buffer;

/**
 * Sends message after message to each subscriber in turn, as far as it is allowed to. There is no ingest, no topic and no
 * schedule: a message is due when its first subscriber's turn comes, so its envelope is stamped then and its frame made once.
 */
export class NullFlood {
  readonly #run: number;
  readonly #payload: Buffer;
  readonly #frameOf: FrameOf;
  /** By sequence number; as many bytes as one subscriber gets in all. */
  readonly #frames: Buffer[] = [];
  /** Those who can take their next message, from `#head` on. */
  #ready: NullSubscriber[] = [];
  #head = 0;
  #subscribers = 0;
  #written = 0;
  #allowed = 0;
  #limit = Number.POSITIVE_INFINITY;
  #whenFinished: (() => void) | null = null;

  /** @param payload of every message; the envelope is written over its start */
  constructor(run: number, payload: Buffer, frameOf: FrameOf) {
    this.#run = run;
    this.#payload = payload;
    this.#frameOf = frameOf;
  }

  /** Messages that have begun to go out. */
  get begun(): number {
    return this.#frames.length;
  }

  join(subscriber: NullSubscriber): void {
    this.#subscribers++;
    this.ready(subscriber);
  }

  leave(subscriber: NullSubscriber): void {
    if (subscriber.isGone) return;
    subscriber.isGone = true;
    this.#subscribers--;
  }

  /** The subscriber can take its next message. */
  ready(subscriber: NullSubscriber): void {
    this.#ready.push(subscriber);
    this.#pump();
  }

  /** @param messages to each subscriber in all, in the mean */
  grant(messages: number): void {
    this.#allowed = Math.floor(messages * this.#subscribers);
    this.#pump();
  }

  halt(): void {
    this.#allowed = this.#written;
  }

  /** Resolves when each subscriber has been sent so many messages. */
  finish(messages: number): Promise<void> {
    this.#limit = messages;
    this.#allowed = messages * this.#subscribers;
    const finished = new Promise<void>((resolve) => {
      this.#whenFinished = resolve;
    });
    this.#pump();
    return finished;
  }

  #pump(): void {
    while (this.#written < this.#allowed && this.#head < this.#ready.length) {
      const subscriber = this.#ready[this.#head++];
      if (subscriber.isGone || subscriber.seq >= this.#limit) continue;
      const frame = this.#frame(subscriber.seq++);
      this.#written++;
      if (subscriber.write(frame)) this.#ready.push(subscriber);
    }
    if (this.#head > this.#ready.length / 2) {
      this.#ready = this.#ready.slice(this.#head);
      this.#head = 0;
    }
    if (this.#written >= this.#limit * this.#subscribers) this.#whenFinished?.();
  }

  #frame(seq: number): Buffer {
    if (seq < this.#frames.length) return this.#frames[seq];
    const atUs = nowUs();
    const envelope: Envelope = {
      run: this.#run,
      publisher: 0,
      stream: 0,
      seq,
      index: seq,
      intendedUs: atUs,
      sentUs: atUs,
    };
    writeEnvelope(this.#payload, 0, envelope);
    const frame = this.#frameOf(this.#payload, seq);
    this.#frames.push(frame);
    return frame;
  }
}
