import type { Clock } from '../../contract/clock.ts';
import type { Envelope } from '../../contract/envelope.ts';
import { type Outcome, type PostListener, SILENT_US } from './publishConnection.ts';

/** A message between its first try and its answer. */
export interface Publishing {
  readonly envelope: Envelope;
  readonly writtenUs: number;
}

/** What a connection whose answers come in any order has in hand: messages that wait, and those without an answer. */
export class Outstanding<P extends Publishing> {
  readonly #depth: number;
  readonly #listener: PostListener;
  readonly #clock: Clock;
  readonly #dropped: (publishing: P) => void;
  readonly #queue: Envelope[] = [];
  readonly #underWay = new Set<P>();
  /** Since when nothing was answered although something was owed; null: nothing is owed. */
  #owedSinceUs: number | null = null;
  /** Why it takes no more; null: it does. */
  #gone: string | null = null;

  /** @param dropped told of what is given up */
  constructor(depth: number, listener: PostListener, clock: Clock, dropped: (publishing: P) => void) {
    this.#depth = depth;
    this.#listener = listener;
    this.#clock = clock;
    this.#dropped = dropped;
  }

  get hasInFlight(): boolean {
    return this.#underWay.size > 0;
  }

  /** What waits is never dropped: it shows as send lag. */
  enqueue(envelope: Envelope): void {
    if (this.#gone === null) this.#queue.push(envelope);
    else this.#listener.answered(envelope.index, 'skipped', 0, this.#gone);
  }

  /** Begins as many of those that wait as may be under way at once, each stamped with its send time. */
  flush(begin: (envelope: Envelope, writtenUs: number) => void): void {
    while (this.#gone === null && this.#underWay.size < this.#depth) {
      const envelope = this.#queue.shift();
      if (envelope === undefined) return;
      const writtenUs = this.#clock();
      this.#owedSinceUs ??= writtenUs;
      envelope.sentUs = Math.floor(writtenUs);
      this.#listener.posted(envelope);
      begin(envelope, writtenUs);
    }
  }

  add(publishing: P): void {
    this.#underWay.add(publishing);
  }

  has(publishing: P): boolean {
    return this.#underWay.has(publishing);
  }

  all(): readonly P[] {
    return [...this.#underWay];
  }

  /** @param isSilence no answer came: the silence goes on with the next message */
  answered(publishing: P, outcome: Outcome, detail: string, isSilence = false): void {
    this.#settle(publishing, outcome, detail);
    const isIdle = this.#underWay.size === 0 && this.#queue.length === 0;
    if (isIdle) this.#owedSinceUs = null;
    else if (!isSilence) this.#owedSinceUs = this.#clock();
  }

  #settle(publishing: P, outcome: Outcome, detail: string): void {
    this.#underWay.delete(publishing);
    const { envelope, writtenUs } = publishing;
    this.#listener.answered(envelope.index, outcome, this.#clock() - writtenUs, detail);
  }

  /** Takes no more: what waits or has no answer yet is nobody's failure. */
  forget(why: string): void {
    this.#gone = why;
    this.#giveUp('skipped', why);
    for (const { index } of this.#queue.splice(0)) this.#listener.answered(index, 'skipped', 0, why);
  }

  /** Gives up what is under way, which has failed, and what waits: that failed as well where the server is silent. */
  abandon(why: string): void {
    // What was given up must not be sent later.
    const waiting = this.#queue.splice(0);
    // It waited for a server that answered nothing any more: that is no lateness of ours, and fails like what was published.
    if (this.#isSilent) for (const { index } of waiting) this.#listener.answered(index, 'failed', 0, why);
    this.#owedSinceUs = null;
    this.#giveUp('failed', why);
  }

  get #isSilent(): boolean {
    return this.#owedSinceUs !== null && this.#clock() - this.#owedSinceUs >= SILENT_US;
  }

  #giveUp(outcome: Outcome, why: string): void {
    for (const publishing of this.all()) {
      this.#settle(publishing, outcome, why);
      this.#dropped(publishing);
    }
  }
}
