import { type Due, DueHeap } from './dueHeap.ts';

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

interface Waiting extends Due {
  readonly slot: number;
}

/** Slots that wait to reconnect, by due time; one sweep instead of a timer for each. */
export class RetryQueue {
  readonly #heap = new DueHeap<Waiting>();

  get length(): number {
    return this.#heap.length;
  }

  add(slot: number, dueUs: number): void {
    this.#heap.push({ slot, dueUs });
  }

  /** Takes one slot that is due, or null. */
  takeDue(nowUs: number): number | null {
    const first = this.#heap.first;
    if (first === undefined || first.dueUs > nowUs) return null;
    this.#heap.pop();
    return first.slot;
  }

  clear(): void {
    this.#heap.clear();
  }
}
