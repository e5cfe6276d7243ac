import { nowUs } from '../../contract/clock.ts';
import type { WorkerStart } from '../../contract/control.ts';
import { backoffMs, FIRST_DELAY_MS, RetryQueue } from '../reconnect.ts';

type Rules = Pick<WorkerStart, 'slots' | 'nodes' | 'endpoints' | 'maxRetries'>;

/** When each slot may try again, how often it has, and which endpoint it tries. */
export class Reconnects {
  readonly #rules: Rules;
  readonly #random: () => number;
  readonly #queue = new RetryQueue();
  readonly #attempts: Uint16Array;
  readonly #firstDelayMs: Float64Array;
  /** By how many endpoints each slot has moved on from its own, after a node that no longer answers. */
  readonly #moved: Uint16Array;

  constructor(rules: Rules, random: () => number) {
    this.#rules = rules;
    this.#random = random;
    this.#attempts = new Uint16Array(rules.slots);
    this.#firstDelayMs = new Float64Array(rules.slots).fill(FIRST_DELAY_MS);
    this.#moved = new Uint16Array(rules.slots);
  }

  /** Slots that wait for their time. */
  get length(): number {
    return this.#queue.length;
  }

  /** How often a slot has tried since it last was well. */
  attemptsOf(slot: number): number {
    return this.#attempts[slot];
  }

  movedBy(slot: number): number {
    return this.#moved[slot];
  }

  /** The connection was a good one: the back-off begins anew after it. */
  forget(slot: number): void {
    this.#attempts[slot] = 0;
  }

  /** The server asked for another first delay. */
  ask(slot: number, milliseconds: number): void {
    this.#firstDelayMs[slot] = milliseconds;
  }

  /** @returns false where the slot has tried often enough */
  later(slot: number): boolean {
    const attempt = this.#attempts[slot];
    if (attempt >= this.#rules.maxRetries) return false;
    this.#attempts[slot] = attempt + 1;
    const delayMs = backoffMs(attempt, this.#firstDelayMs[slot], this.#random());
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

  /** A lost connection first comes back to its own node; where that does not answer, it tries another one. */
  moveOn(slot: number): void {
    const { nodes, endpoints } = this.#rules;
    if (nodes < 2) return;
    const step = endpoints.length / nodes;
    const moved = this.#moved[slot] + step * (1 + Math.floor(this.#random() * (nodes - 1)));
    this.#moved[slot] = moved % endpoints.length;
  }

  clear(): void {
    this.#queue.clear();
  }
}
