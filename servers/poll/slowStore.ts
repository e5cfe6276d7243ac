/** Reads under way for one connection. Who asks ahead of its answers would have them without bound. */
const MAX_READS = 32;

/** Stands for the store that a server reads at each poll: a timer, so that it costs time but no CPU. */
export class SlowStore {
  readonly #delayMs: number;
  readonly #reads = new Set<NodeJS.Timeout>();
  readonly #underWay = new WeakMap<object, number>();

  constructor(delayMs: number) {
    this.#delayMs = delayMs;
  }

  /**
   * Calls `done` after the delay, or at once where there is none.
   * @returns false where too much is under way for this connection: `done` is never called
   */
  read(connection: object, done: () => void): boolean {
    if (this.#delayMs === 0) {
      done();
      return true;
    }
    const underWay = this.#underWay.get(connection) ?? 0;
    if (underWay >= MAX_READS) return false;
    this.#underWay.set(connection, underWay + 1);
    const timer = setTimeout(() => {
      this.#reads.delete(timer);
      this.#underWay.set(connection, (this.#underWay.get(connection) ?? 1) - 1);
      done();
    }, this.#delayMs);
    this.#reads.add(timer);
    return true;
  }

  stop(): void {
    for (const timer of this.#reads) clearTimeout(timer);
    this.#reads.clear();
  }
}
