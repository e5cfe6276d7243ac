/** Delay before the first attempt to reconnect, unless the server's `retry:` says otherwise, milliseconds. */
export const FIRST_DELAY_MS = 1_000;
/** A first delay is never shorter, milliseconds: `retry: 0` must not make of a lost connection a connect storm. */
export const SHORTEST_FIRST_DELAY_MS = 100;
/** No delay is longer, milliseconds. */
export const LONGEST_DELAY_MS = 30_000;

/**
 * Exponential back-off with equal jitter: half of the delay is certain, half is drawn, so that clients cut at once do not
 * come back at once. Source: Brooker, Exponential Backoff And Jitter, AWS Architecture Blog (2015).
 *
 * @param attempt from 0
 * @param firstDelayMs the server's `retry:` where it sent one; less than {@link SHORTEST_FIRST_DELAY_MS} counts as that
 * @param draw in [0, 1)
 */
export function backoffMs(attempt: number, firstDelayMs: number, draw: number): number {
  const first = Math.max(SHORTEST_FIRST_DELAY_MS, firstDelayMs);
  const full = Math.min(LONGEST_DELAY_MS, first * 2 ** Math.min(attempt, 30));
  return full / 2 + (full / 2) * draw;
}

interface Waiting {
  readonly slot: number;
  readonly dueUs: number;
}

/** Slots that wait to reconnect, by due time; one sweep instead of a timer for each. */
export class RetryQueue {
  readonly #heap: Waiting[] = [];

  get length(): number {
    return this.#heap.length;
  }

  add(slot: number, dueUs: number): void {
    const heap = this.#heap;
    let at = heap.push({ slot, dueUs }) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (heap[parent].dueUs <= heap[at].dueUs) break;
      [heap[parent], heap[at]] = [heap[at], heap[parent]];
      at = parent;
    }
  }

  /** Takes one slot that is due, or null. */
  takeDue(nowUs: number): number | null {
    if (this.#heap.length === 0 || this.#heap[0].dueUs > nowUs) return null;
    const { slot } = this.#heap[0];
    const last = this.#heap.pop();
    if (last !== undefined && this.#heap.length > 0) this.#sink(last);
    return slot;
  }

  #sink(item: Waiting): void {
    const heap = this.#heap;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && heap[child + 1].dueUs < heap[child].dueUs) child++;
      if (heap[child].dueUs >= item.dueUs) break;
      heap[at] = heap[child];
      at = child;
    }
    heap[at] = item;
  }

  clear(): void {
    this.#heap.length = 0;
  }
}
