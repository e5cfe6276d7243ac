/** Longest distance between two looks at the deadlines, milliseconds. */
const MAX_SWEEP_MS = 1_000;

/** Time limits of attempts to connect, or to close: one timer for all of them, and none while there is no attempt. */
export class ConnectDeadlines {
  /** Start of the attempt by slot, milliseconds; NaN: none is under way. */
  readonly #startedMs: Float64Array;
  readonly #limitMs: number;
  readonly #expired: (slot: number) => void;
  #pending = 0;
  #timer: NodeJS.Timeout | null = null;

  constructor(slots: number, limitMs: number, expired: (slot: number) => void) {
    this.#startedMs = new Float64Array(slots).fill(Number.NaN);
    this.#limitMs = limitMs;
    this.#expired = expired;
  }

  start(slot: number): void {
    this.#startedMs[slot] = performance.now();
    this.#pending++;
    // A tenth of the limit: an attempt overstays it by a tenth at most.
    const everyMs = Math.min(MAX_SWEEP_MS, Math.max(1, Math.ceil(this.#limitMs / 10)));
    this.#timer ??= setInterval(() => this.#sweep(), everyMs);
  }

  /** Ends the watch over a slot; without effect where there is none. */
  end(slot: number): void {
    if (Number.isNaN(this.#startedMs[slot])) return;
    this.#startedMs[slot] = Number.NaN;
    this.#pending--;
    if (this.#pending === 0 && this.#timer !== null) {
      clearInterval(this.#timer);
      this.#timer = null;
    }
  }

  #sweep(): void {
    const latestMs = performance.now() - this.#limitMs;
    for (let slot = 0; slot < this.#startedMs.length; slot++) {
      if (this.#startedMs[slot] > latestMs) continue;
      if (Number.isNaN(this.#startedMs[slot])) continue;
      this.end(slot);
      this.#expired(slot);
    }
  }
}
