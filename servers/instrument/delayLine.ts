import { performance } from 'node:perf_hooks';

/** Holds everything back for the same time, in order. By Node's timers: never less, up to 2 ms more. */
export class DelayLine<T> {
  readonly #delayMs: number;
  readonly #release: (item: T) => void;
  readonly #clock: () => number;
  readonly #waiting: { readonly item: T; readonly dueMs: number }[] = [];
  #timer: NodeJS.Timeout | null = null;

  /** @param clock milliseconds */
  constructor(delayMs: number, release: (item: T) => void, clock = () => performance.now()) {
    this.#delayMs = delayMs;
    this.#release = release;
    this.#clock = clock;
  }

  /** Without a delay it is released at once. */
  put(item: T): void {
    if (this.#delayMs === 0) {
      this.#release(item);
      return;
    }
    this.#waiting.push({ item, dueMs: this.#clock() + this.#delayMs });
    this.#timer ??= setTimeout(this.#run, this.#delayMs);
  }

  stop(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    this.#waiting.length = 0;
  }

  readonly #run = (): void => {
    this.#timer = null;
    const nowMs = this.#clock();
    while (this.#waiting.length > 0 && this.#waiting[0].dueMs <= nowMs) {
      const [{ item }] = this.#waiting.splice(0, 1);
      this.#release(item);
    }
    if (this.#waiting.length === 0) return;
    this.#timer = setTimeout(this.#run, Math.max(1, Math.ceil(this.#waiting[0].dueMs - nowMs)));
  };
}
