/** What is due at some time of the monotonic clock, microseconds; it does not change while it is in a heap. */
export interface Due {
  readonly dueUs: number;
}

/** What is due first comes out first: a binary heap, since times that are drawn do not come in order. */
export class DueHeap<T extends Due> {
  readonly #items: T[] = [];

  get length(): number {
    return this.#items.length;
  }

  get first(): T | undefined {
    return this.#items[0];
  }

  push(item: T): void {
    const items = this.#items;
    let at = items.length;
    items.push(item);
    while (at > 0) {
      const above = (at - 1) >> 1;
      if (items[above].dueUs <= item.dueUs) break;
      items[at] = items[above];
      at = above;
    }
    items[at] = item;
  }

  pop(): T | undefined {
    const items = this.#items;
    const first = items[0];
    const last = items.pop();
    if (last !== undefined && items.length > 0) this.#sink(last);
    return first;
  }

  clear(): void {
    this.#items.length = 0;
  }

  /** Puts an item into the empty place at the top, and down to where it belongs. */
  #sink(item: T): void {
    const items = this.#items;
    let at = 0;
    for (;;) {
      const left = 2 * at + 1;
      if (left >= items.length) break;
      const right = left + 1;
      const lower = right < items.length && items[right].dueUs < items[left].dueUs ? right : left;
      if (items[lower].dueUs >= item.dueUs) break;
      items[at] = items[lower];
      at = lower;
    }
    items[at] = item;
  }
}
