import type { Histogram } from 'hdr-histogram-js';
import type { SlowPhaseReport } from '../../contract/workerControl.ts';
import { encodeHistogram, newHistogram, recordUs } from './histograms.ts';

/** Deliveries of one phase to slots that read slowly on purpose, kept apart from those of the others. */
export class SlowDeliveries {
  received = 0;
  /** Receipts inside the window, of whatever phase the message is. */
  receivedInWindow = 0;
  readonly #isSlow: Uint8Array;
  readonly #delivery: Histogram = newHistogram();

  private constructor(isSlow: Uint8Array) {
    this.#isSlow = isSlow;
  }

  /** null where nobody of the process reads slowly: such a phase pays nothing for it. */
  static of(isSlow: Uint8Array): SlowDeliveries | null {
    return isSlow.includes(1) ? new SlowDeliveries(isSlow) : null;
  }

  has(slot: number): boolean {
    return this.#isSlow[slot] === 1;
  }

  record(deliveryUs: number): void {
    this.received++;
    recordUs(this.#delivery, deliveryUs);
  }

  /** The slots of `expected` that read slowly, and those that do not. */
  split(expected: Uint8Array): { readonly slow: Uint8Array; readonly others: Uint8Array } {
    return {
      slow: expected.map((isExpected, slot) => isExpected & this.#isSlow[slot]),
      others: expected.map((isExpected, slot) => isExpected & (1 - this.#isSlow[slot])),
    };
  }

  report(slots: number, expected: number, lost: number): SlowPhaseReport {
    const { received, receivedInWindow } = this;
    return { slots, expected, received, receivedInWindow, lost, delivery: encodeHistogram(this.#delivery) };
  }

  destroy(): void {
    this.#delivery.destroy();
  }
}
