/** What has arrived and is not taken yet, for a test that waits for it. */
export class Inbox<T> {
  readonly #items: T[] = [];
  #taken = 0;
  #isClosed = false;
  #wake: () => void = () => {};

  put(item: T): void {
    this.#items.push(item);
    this.#wake();
  }

  /** Nothing more will come. */
  close(): void {
    this.#isClosed = true;
    this.#wake();
  }

  /** The next item. Rejects where the inbox is closed first. */
  async next(): Promise<T> {
    await this.waitFor(() => this.#taken < this.#items.length);
    return this.#items[this.#taken++];
  }

  async take(count: number): Promise<T[]> {
    const items: T[] = [];
    while (items.length < count) items.push(await this.next());
    return items;
  }

  /** Looks again whenever something comes. */
  async waitFor(condition: () => boolean): Promise<void> {
    while (!condition()) {
      if (this.#isClosed) throw new Error('the server ended it');
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  /** Looks at the conditions of those who wait, without a new item. */
  wake(): void {
    this.#wake();
  }
}
