import type { Histogram } from 'hdr-histogram-js';
import type { Saying } from '../../contract/loadDriver.ts';
import type { PublisherPhaseReport } from '../../contract/publisherControl.ts';
import { encodeHistogram, newHistogram, recordUs } from '../recorders/histograms.ts';
import { RefusedSaying } from './refusedSaying.ts';

/** What a client's message is counted with that could not go out at all. */
export const NOT_CONNECTED = 'the client whose turn it was was not connected';
const MAX_FAILURES = 10;

/** How what the clients of one process said in one phase fared. */
export class SpeakTally {
  readonly said = { message: 0, typing: 0 };
  readonly #lag: Histogram = newHistogram();
  readonly #ack: Histogram = newHistogram();
  readonly #failures = new Map<string, number>();
  #attempted = 0;
  #sent = 0;
  #refused = 0;
  #failed = 0;
  #unsent = 0;
  #firstUs = Number.NaN;
  #lastUs = Number.NaN;

  /** Messages that went out and are not answered yet. */
  get pending(): number {
    return this.#attempted - this.#unsent - this.#sent - this.#refused - this.#failed;
  }

  spoken(intendedUs: number, sentUs: number): void {
    this.#attempted++;
    recordUs(this.#lag, sentUs - intendedUs);
    if (Number.isNaN(this.#firstUs)) this.#firstUs = sentUs;
    this.#lastUs = sentUs;
  }

  settled(saying: Saying, error: Error | null, ackUs: number): void {
    if (error === null) {
      this.#sent++;
      this.said[saying]++;
      recordUs(this.#ack, ackUs);
    } else if (error instanceof RefusedSaying) this.#count(error.message, 'refused');
    else this.#count(error.message, 'failed');
  }

  /** The phase ended before these were due or done. */
  leftUnsent(count: number): void {
    this.#attempted += count;
    this.#unsent += count;
  }

  #count(detail: string, outcome: 'refused' | 'failed'): void {
    if (outcome === 'refused') this.#refused++;
    else this.#failed++;
    this.#failures.set(detail, (this.#failures.get(detail) ?? 0) + 1);
  }

  report(phase: number): PublisherPhaseReport {
    return {
      phase,
      attempted: this.#attempted,
      sent: this.#sent,
      refused: this.#refused,
      failed: this.#failed + this.pending,
      unsent: this.#unsent,
      retried: 0,
      failures: [...this.#failures]
        .sort((a, b) => b[1] - a[1])
        .slice(0, MAX_FAILURES)
        .map(([detail, count]) => ({ detail, count })),
      sendingUs: Number.isNaN(this.#firstUs) ? 0 : this.#lastUs - this.#firstUs,
      sendLag: encodeHistogram(this.#lag),
      // Nothing is queued in front of a client that speaks.
      lateness: encodeHistogram(this.#lag),
      ack: encodeHistogram(this.#ack),
    };
  }

  destroy(): void {
    this.#lag.destroy();
    this.#ack.destroy();
  }
}
