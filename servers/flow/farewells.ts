import { performance } from 'node:perf_hooks';
import type { Writable } from 'node:stream';

/** Time for a refused subscriber to take what was written to it, and why it is ended, milliseconds. */
const FAREWELL_MS = 2_000;

interface Leaving {
  readonly sink: Writable;
}

/** Subscribers that were refused and are being told so; whoever does not listen is destroyed when the time is over. */
export class Farewells<S extends Leaving> {
  /** Until when each may stay, in that order: all get the same time. */
  readonly #untilMs = new Map<S, number>();
  readonly #farewellMs: number;
  #timer: NodeJS.Timeout | null = null;

  constructor(farewellMs = FAREWELL_MS) {
    this.#farewellMs = farewellMs;
  }

  add(leaving: S): void {
    if (leaving.sink.destroyed) return;
    this.#untilMs.set(leaving, performance.now() + this.#farewellMs);
    leaving.sink.once('close', () => this.#untilMs.delete(leaving));
    this.#timer ??= setTimeout(this.#endOld, this.#farewellMs);
  }

  /** Those who still hold what was written to them. */
  all(): IterableIterator<S> {
    return this.#untilMs.keys();
  }

  destroyAll(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    for (const { sink } of this.#untilMs.keys()) sink.destroy();
    this.#untilMs.clear();
  }

  readonly #endOld = (): void => {
    this.#timer = null;
    const nowMs = performance.now();
    for (const [leaving, untilMs] of this.#untilMs) {
      if (untilMs > nowMs) {
        this.#timer = setTimeout(this.#endOld, Math.ceil(untilMs - nowMs));
        return;
      }
      this.#untilMs.delete(leaving);
      leaving.sink.destroy();
    }
  };
}
