import type { BusListener, BusMessage } from './bus.ts';
import { epochBase } from './epoch.ts';

/**
 * Hands messages on in the order of their ids, each once, and counts what never came.
 * The bus has one total order, so what is missing below an id that came is lost.
 */
export class MessageOrder {
  lost = 0;
  readonly #listener: BusListener;
  #lastId: number | null = null;
  #historyId = 0;
  /** Highest id that this node knows was given: those it published itself count before they come back. */
  #knownId = 0;
  /** The same, of the epoch before that of `#knownId`. */
  #knownBefore = 0;

  constructor(listener: BusListener) {
    this.#listener = listener;
  }

  /** Last id dealt with; null until the node knows where it joined. */
  get lastId(): number | null {
    return this.#lastId;
  }

  get knownId(): number {
    return this.#knownId;
  }

  /** The node joins after `fromId`; what was published up to `historyId` is history to it. */
  begin(fromId: number, historyId: number): void {
    this.#lastId = fromId;
    this.#historyId = historyId;
    this.assigned(historyId);
    this.#listener.skipped(fromId);
  }

  /** An id was given: it will come, or is lost. */
  assigned(id: number): void {
    if (id <= this.#knownId) return;
    if (epochBase(id) > this.#knownId) this.#knownBefore = this.#knownId;
    this.#knownId = id;
  }

  /** An epoch before the present one ended at `id`: what has not come up to there is lost. It is before a new node's time. */
  epochEnded(id: number): void {
    if (this.#lastId !== null) this.assigned(id);
  }

  /** Messages in the order of their ids; those that came before are dropped. */
  receive(messages: readonly BusMessage[]): void {
    let from = 0;
    for (let i = 0; i < messages.length; i++) {
      const { id } = messages[i];
      // Null until here only where the bus keeps nothing: the node joins with what comes first.
      if (this.#lastId === null) this.begin(id - 1, id - 1);
      const lastId = this.#lastId ?? id - 1;
      if (id !== lastId + 1) {
        this.#hand(messages.slice(from, i));
        from = id <= lastId ? i + 1 : i;
        this.reached(id - 1);
      }
      this.#lastId = Math.max(lastId, id);
    }
    this.#hand(from === 0 ? messages : messages.slice(from));
    this.assigned(this.#lastId ?? 0);
  }

  /** Everything up to `id` that has not come is lost. */
  reached(id: number): void {
    if (this.#lastId === null) {
      this.begin(id, id);
      return;
    }
    if (id <= this.#lastId) return;
    this.lost += this.#missing(this.#lastId, id);
    this.#lastId = id;
    this.assigned(id);
    this.#listener.skipped(id);
  }

  #missing(lastId: number, toId: number): number {
    const base = epochBase(toId);
    if (lastId >= base) return toId - lastId;
    const knownBefore = this.#knownId >= base ? this.#knownBefore : this.#knownId;
    // Where whole epochs were missed, only the ids of the last one are known to have been given.
    return Math.max(0, knownBefore - Math.max(lastId, epochBase(knownBefore))) + (toId - base);
  }

  #hand(messages: readonly BusMessage[]): void {
    if (messages.length === 0) return;
    const live = messages.findIndex(({ id }) => id > this.#historyId);
    if (live === 0) this.#listener.messages(messages, true);
    else if (live < 0) this.#listener.messages(messages, false);
    else {
      this.#listener.messages(messages.slice(0, live), false);
      this.#listener.messages(messages.slice(live), true);
    }
  }
}
