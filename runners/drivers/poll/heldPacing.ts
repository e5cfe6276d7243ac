import { DueWheel } from './dueWheel.ts';
import type { PollPacing } from './pollPacing.ts';

/** Pause after a failure for which the server named none, milliseconds. */
const FAILURE_PAUSE_MS = 1_000;
/** An empty answer that comes sooner was not held: the next poll waits until then, or a server that holds nothing is stormed. */
const UNHELD_US = 100_000;

/** Held polls: the next request goes out as soon as the last one is answered. */
export class HeldPacing implements PollPacing {
  readonly #clock: () => number;
  readonly #ask: (slot: number, atUs: number) => void;
  readonly #pauses: DueWheel;

  constructor(slots: number, clock: () => number, ask: (slot: number, atUs: number) => void) {
    this.#clock = clock;
    this.#ask = ask;
    this.#pauses = new DueWheel(slots, clock, (slot, _dueUs, nowUs) => ask(slot, nowUs));
  }

  opened(): void {}

  answered(slot: number, isNew: boolean, askedUs: number, receivedUs: number): void {
    if (isNew || receivedUs - askedUs >= UNHELD_US) this.#ask(slot, this.#clock());
    else this.#pauses.set(slot, askedUs + UNHELD_US);
  }

  refused(slot: number, pauseMs: number | null): void {
    this.#pauses.set(slot, this.#clock() + (pauseMs ?? FAILURE_PAUSE_MS) * 1_000);
  }

  remove(slot: number): void {
    this.#pauses.remove(slot);
  }

  stop(): void {
    this.#pauses.stop();
  }
}
