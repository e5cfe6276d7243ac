/** Stands for the store that a server reads at each poll: a timer, so that it costs time but no CPU. */
export class SlowStore {
  readonly #delayMs: number;
  readonly #reads = new Set<NodeJS.Timeout>();

  constructor(delayMs: number) {
    this.#delayMs = delayMs;
  }

  /** Calls `done` after the delay, or at once where there is none. */
  read(done: () => void): void {
    if (this.#delayMs === 0) {
      done();
      return;
    }
    const timer = setTimeout(() => {
      this.#reads.delete(timer);
      done();
    }, this.#delayMs);
    this.#reads.add(timer);
  }

  stop(): void {
    for (const timer of this.#reads) clearTimeout(timer);
    this.#reads.clear();
  }
}
