/** Entries per page: 4 KiB. Serials only rise, so a page whose connections have all gone is given back. */
const PAGE_ENTRIES = 1_024;

interface Page {
  readonly times: Uint32Array;
  live: number;
}

/**
 * When the connections of one node joined, by serial: four bytes each, milliseconds since that node's start.
 * 100,000 connections take 0.4 MB.
 */
export class JoinTimes {
  readonly #pages = new Map<number, Page>();
  #size = 0;

  /** Connections that are there. */
  get size(): number {
    return this.#size;
  }

  /** `atMs`: since the node's start, up to 49 days. */
  add(serial: number, atMs: number): void {
    const page = this.#pageFor(serial);
    const at = serial % PAGE_ENTRIES;
    if (page.times[at] === 0) {
      page.live++;
      this.#size++;
    }
    // One more than it is: 0 stands for nobody.
    page.times[at] = Math.min(0xffff_fffe, Math.max(0, Math.round(atMs))) + 1;
  }

  remove(serial: number): void {
    const number = Math.floor(serial / PAGE_ENTRIES);
    const page = this.#pages.get(number);
    const at = serial % PAGE_ENTRIES;
    if (page === undefined || page.times[at] === 0) return;
    page.times[at] = 0;
    page.live--;
    this.#size--;
    if (page.live === 0) this.#pages.delete(number);
  }

  /** Milliseconds since the node's start; null: nobody has this serial. */
  find(serial: number): number | null {
    const time = this.#pages.get(Math.floor(serial / PAGE_ENTRIES))?.times[serial % PAGE_ENTRIES] ?? 0;
    return time === 0 ? null : time - 1;
  }

  clear(): void {
    this.#pages.clear();
    this.#size = 0;
  }

  *entries(): Generator<readonly [serial: number, atMs: number], void, undefined> {
    for (const [number, { times }] of this.#pages) {
      for (let at = 0; at < PAGE_ENTRIES; at++) {
        if (times[at] !== 0) yield [number * PAGE_ENTRIES + at, times[at] - 1];
      }
    }
  }

  #pageFor(serial: number): Page {
    const number = Math.floor(serial / PAGE_ENTRIES);
    let page = this.#pages.get(number);
    if (page === undefined) {
      page = { times: new Uint32Array(PAGE_ENTRIES), live: 0 };
      this.#pages.set(number, page);
    }
    return page;
  }
}
