/** How often it is looked whether the node has caught up, milliseconds. */
const LOOK_MS = 2;
/** A client that is still ahead after this named an id that was never given. */
const GIVE_UP_MS = 2_000;

interface Waiting {
  readonly id: number;
  readonly looksLeft: number;
  readonly join: () => void;
}

/**
 * Clients whose last id, got from another node, this node has not delivered yet.
 * They wait the moment until it has: joined at once, they would get what they have seen again.
 */
export class AheadOfNode {
  readonly #deliveredId: () => number;
  #waiting: Waiting[] = [];
  #timer: NodeJS.Timeout | null = null;

  constructor(deliveredId: () => number) {
    this.#deliveredId = deliveredId;
  }

  /** @returns false where there is nothing to wait for: the caller joins the client. */
  wait(lastEventId: string | null, join: () => void): boolean {
    if (lastEventId === null || !/^\d{1,15}$/.test(lastEventId)) return false;
    const id = Number(lastEventId);
    if (id <= this.#deliveredId()) return false;
    this.#waiting.push({ id, looksLeft: GIVE_UP_MS / LOOK_MS, join });
    this.#timer ??= setTimeout(this.#look, LOOK_MS);
    return true;
  }

  stop(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    this.#waiting = [];
  }

  readonly #look = (): void => {
    const deliveredId = this.#deliveredId();
    const due: Waiting[] = [];
    const early: Waiting[] = [];
    // One pass: after a fault many thousands wait.
    for (const each of this.#waiting) {
      if (each.id <= deliveredId || each.looksLeft <= 0) due.push(each);
      else early.push({ ...each, looksLeft: each.looksLeft - 1 });
    }
    this.#waiting = early;
    this.#timer = this.#waiting.length === 0 ? null : setTimeout(this.#look, LOOK_MS);
    for (const { join } of due) join();
  };
}
