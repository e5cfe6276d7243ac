import { type PerformanceEntry, PerformanceObserver, performance } from 'node:perf_hooks';

export interface GcSample {
  readonly count: number;
  /** Time in which the program stood still for garbage collection. */
  readonly pauseUs: number;
  readonly pauseMaxUs: number;
}

/** Counts garbage collections and their pauses. */
export class GcObserver {
  #count = 0;
  #pauseMs = 0;
  #pauseMaxMs = 0;
  #sinceMs = 0;
  readonly #observer = new PerformanceObserver((list) => this.#take(list.getEntries()));

  start(): void {
    this.mark();
    this.#observer.observe({ entryTypes: ['gc'] });
  }

  stop(): void {
    this.#observer.disconnect();
  }

  mark(): void {
    this.#count = 0;
    this.#pauseMs = 0;
    this.#pauseMaxMs = 0;
    this.#sinceMs = performance.now();
  }

  /** Since the last mark. A collection of the current turn of the event loop may still be missing. */
  read(): GcSample {
    this.#take(this.#observer.takeRecords());
    return {
      count: this.#count,
      pauseUs: this.#pauseMs * 1000,
      pauseMaxUs: this.#pauseMaxMs * 1000,
    };
  }

  #take(entries: readonly PerformanceEntry[]): void {
    for (const entry of entries) {
      // Entries arrive late: those of before the mark are not ours.
      if (entry.startTime < this.#sinceMs) continue;
      this.#count += 1;
      this.#pauseMs += entry.duration;
      this.#pauseMaxMs = Math.max(this.#pauseMaxMs, entry.duration);
    }
  }
}
