import { ConnectDeadlines } from '../connectDeadlines.ts';

/** A held request may rest as long as usual proxies let it, and longer, milliseconds. */
const HELD_LIMIT_MS = 120_000;

/** Time limits of polls: that of a connect for those that are answered at once, a long one for those that are held. */
export class PollDeadlines {
  readonly #prompt: ConnectDeadlines;
  /** null: no poll is held. */
  readonly #held: ConnectDeadlines | null;

  constructor(
    slots: number,
    promptMs: number,
    hasHeld: boolean,
    expired: (slot: number, limitMs: number) => void,
  ) {
    const heldMs = Math.max(HELD_LIMIT_MS, promptMs);
    this.#prompt = new ConnectDeadlines(slots, promptMs, (slot) => expired(slot, promptMs));
    this.#held = hasHeld ? new ConnectDeadlines(slots, heldMs, (slot) => expired(slot, heldMs)) : null;
  }

  start(slot: number, isHeld: boolean): void {
    this.end(slot);
    const deadlines = isHeld ? this.#held : this.#prompt;
    deadlines?.start(slot);
  }

  end(slot: number): void {
    this.#prompt.end(slot);
    this.#held?.end(slot);
  }
}
