import type { Histogram } from 'hdr-histogram-js';
import type { Envelope } from '../../contract/envelope.ts';
import type { PublisherPhaseReport } from '../../contract/publisherControl.ts';
import type { PhaseSpec } from '../../contract/schedule.ts';
import { encodeHistogram, newHistogram, recordUs } from '../recorders/histograms.ts';
import type { Outcome } from './publishConnection.ts';

const PENDING = 0;
const SENT = 1;
const REFUSED = 2;
const FAILED = 3;
/** A node that was taken away says nothing of a message: the answers of the others count. */
const CODE: Record<Outcome, number> = { sent: SENT, refused: REFUSED, failed: FAILED, skipped: PENDING };

/** How each message of a phase fared over all nodes: the worst of its answers counts. */
export class PhaseTally {
  readonly #spec: PhaseSpec;
  readonly #posts: number;
  readonly #state: Uint8Array;
  readonly #left: Uint8Array;
  readonly #postedOnce: Uint8Array;
  readonly #lag: Histogram = newHistogram();
  readonly #lateness: Histogram = newHistogram();
  readonly #ack: Histogram = newHistogram();
  readonly #failures = new Map<string, number>();
  #firstUs = Number.NaN;
  #lastUs = Number.NaN;
  #settled = 0;
  #retried = 0;

  /** @param posts to how many nodes each message goes, at most 255 */
  constructor(spec: PhaseSpec, posts: number) {
    this.#spec = spec;
    this.#posts = posts;
    this.#state = new Uint8Array(spec.count);
    this.#left = new Uint8Array(spec.count).fill(posts);
    this.#postedOnce = new Uint8Array(spec.count);
  }

  get complete(): boolean {
    return this.#settled === this.#spec.count;
  }

  /** The message may go out from now on: whatever it waits for after this is not the publisher. */
  begun(lateUs: number): void {
    recordUs(this.#lateness, lateUs);
  }

  /** @param isAgain it went out before, to a node that is gone: its lateness is not the publisher's */
  posted(envelope: Envelope, isAgain: boolean): void {
    this.#postedOnce[envelope.index - this.#spec.firstIndex] = 1;
    if (isAgain) return;
    recordUs(this.#lag, envelope.sentUs - envelope.intendedUs);
    if (Number.isNaN(this.#firstUs)) this.#firstUs = envelope.sentUs;
    this.#lastUs = envelope.sentUs;
  }

  answered(index: number, outcome: Outcome, ackUs: number, detail: string): void {
    const number = index - this.#spec.firstIndex;
    // An answer to a message of an earlier phase that was given up.
    if (number < 0 || number >= this.#spec.count || this.#left[number] === 0) return;
    this.#state[number] = Math.max(this.#state[number], CODE[outcome]);
    if (outcome === 'sent') recordUs(this.#ack, ackUs);
    else if (outcome !== 'skipped') this.#failures.set(detail, (this.#failures.get(detail) ?? 0) + 1);
    this.#left[number] -= 1;
    if (this.#left[number] === 0) this.#settled++;
  }

  retried(): void {
    this.#retried++;
  }

  report(): PublisherPhaseReport {
    const counts = [0, 0, 0, 0];
    let unsent = 0;
    for (let i = 0; i < this.#spec.count; i++) {
      const isOpen = this.#left[i] > 0;
      if (isOpen && this.#postedOnce[i] === 0) unsent++;
      else counts[isOpen ? FAILED : this.#state[i]]++;
    }
    const report: PublisherPhaseReport = {
      phase: this.#spec.id,
      attempted: this.#spec.count,
      sent: counts[SENT],
      refused: counts[REFUSED],
      failed: counts[FAILED] + counts[PENDING],
      unsent,
      retried: this.#retried,
      failures: [...this.#failures]
        .sort((a, b) => b[1] - a[1])
        .slice(0, 10)
        .map(([detail, count]) => ({ detail, count: Math.ceil(count / this.#posts) })),
      sendingUs: Number.isNaN(this.#firstUs) ? 0 : this.#lastUs - this.#firstUs,
      sendLag: encodeHistogram(this.#lag),
      lateness: encodeHistogram(this.#lateness),
      ack: encodeHistogram(this.#ack),
    };
    this.#lag.destroy();
    this.#lateness.destroy();
    this.#ack.destroy();
    return report;
  }
}
