import type { Histogram } from 'hdr-histogram-js';
import { newHistogram, recordUs } from '../recorders/histograms.ts';

/** Established connections that were lost, and how long each was away. */
export class Outages {
  readonly away: Histogram = newHistogram();
  readonly #lostUs: Float64Array;
  #down = 0;
  #lastBackUs: number | null = null;

  constructor(slots: number) {
    this.#lostUs = new Float64Array(slots);
  }

  /** When the last one came back, microseconds of the monotonic clock; null while one is away or none was. */
  get allBackUs(): number | null {
    return this.#down === 0 ? this.#lastBackUs : null;
  }

  lost(slot: number, atUs: number): void {
    if (this.#lostUs[slot] > 0) return;
    this.#lostUs[slot] = atUs;
    this.#down++;
  }

  /** Does nothing for a slot that was not lost. */
  back(slot: number, atUs: number): void {
    if (this.#lostUs[slot] === 0) return;
    recordUs(this.away, atUs - this.#lostUs[slot]);
    this.#lostUs[slot] = 0;
    this.#down--;
    this.#lastBackUs = atUs;
  }

  destroy(): void {
    this.away.destroy();
  }
}
