import { nowUs } from '../../contract/clock.ts';
import type { WorkerStart } from '../../contract/workerControl.ts';
import { backoffMs, FIRST_DELAY_MS, RetryQueue, SHORTEST_FIRST_DELAY_MS } from '../reconnect.ts';

type Rules = Pick<WorkerStart, 'slots' | 'maxRetries'>;

/** When each slot may try again, and how often it has. */
export class Reconnects {
  readonly #rules: Rules;
  readonly #random: () => number;
  readonly #queue = new RetryQueue();
  readonly #attempts: Uint16Array;
  readonly #firstDelayMs: Float64Array;

  constructor(rules: Rules, random: () => number) {
    this.#rules = rules;
    this.#random = random;
    this.#attempts = new Uint16Array(rules.slots);
    this.#firstDelayMs = new Float64Array(rules.slots).fill(FIRST_DELAY_MS);
  }

  /** Slots that wait for their time. */
  get length(): number {
    return this.#queue.length;
  }

  /** How often a slot has tried since it last was well. */
  attemptsOf(slot: number): number {
    return this.#attempts[slot];
  }

  /** The connection was a good one: the back-off begins anew after it. */
  forget(slot: number): void {
    this.#attempts[slot] = 0;
  }

  /** The server asked for another first delay. */
  ask(slot: number, milliseconds: number): void {
    this.#firstDelayMs[slot] = milliseconds;
  }

  /**
   * @param isSoon another instance takes the slot: it only has to wait so long that all who move do not come as one
   * @returns false where the slot has tried often enough
   */
  later(slot: number, isSoon = false): boolean {
    const attempt = this.#attempts[slot];
    if (attempt >= this.#rules.maxRetries) return false;
    this.#attempts[slot] = attempt + 1;
    const firstMs = isSoon ? SHORTEST_FIRST_DELAY_MS : this.#firstDelayMs[slot];
    const delayMs = backoffMs(attempt, firstMs, this.#random());
    this.#queue.add(slot, nowUs() + delayMs * 1_000);
    return true;
  }

  atOnce(slot: number): void {
    this.#attempts[slot] = 0;
    this.#queue.add(slot, nowUs());
  }

  takeDue(atUs: number): number | null {
    return this.#queue.takeDue(atUs);
  }

  clear(): void {
    this.#queue.clear();
  }
}
