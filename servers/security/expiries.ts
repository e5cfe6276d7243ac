/** Ends of tokens are honoured this exactly, milliseconds. */
const SWEEP_MS = 1_000;

/**
 * Ends what must not outlive the token that opened it. One sweep a second for all, whose cost is that of what has ended:
 * items are kept by the second in which they end.
 */
export class Expiries<T extends object> {
  readonly #end: (item: T) => void;
  readonly #bySecond = new Map<number, Set<T>>();
  readonly #seconds = new Map<T, number>();
  #timer: NodeJS.Timeout | null = null;

  /** @param end of one item; it is forgotten before */
  constructor(end: (item: T) => void) {
    this.#end = end;
  }

  /** @param expiresMs of `Identity` */
  closeAt(expiresMs: number, item: T): void {
    this.forget(item);
    const second = Math.ceil(expiresMs / SWEEP_MS);
    const items = this.#bySecond.get(second);
    if (items === undefined) this.#bySecond.set(second, new Set([item]));
    else items.add(item);
    this.#seconds.set(item, second);
    this.#timer ??= setInterval(() => this.sweep(), SWEEP_MS).unref();
  }

  /** For one that has ended by itself; safe to call again. */
  forget(item: T): void {
    const second = this.#seconds.get(item);
    if (second === undefined) return;
    this.#seconds.delete(item);
    const items = this.#bySecond.get(second);
    items?.delete(item);
    if (items?.size === 0) this.#bySecond.delete(second);
  }

  /** Ends all whose time is over. */
  sweep(nowMs: number = Date.now()): void {
    const now = Math.floor(nowMs / SWEEP_MS);
    for (const [second, items] of this.#bySecond) {
      if (second > now) continue;
      for (const item of [...items]) {
        this.forget(item);
        this.#end(item);
      }
    }
  }

  stop(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#timer = null;
    this.#bySecond.clear();
    this.#seconds.clear();
  }
}
