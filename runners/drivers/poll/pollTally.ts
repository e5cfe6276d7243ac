import type { PollFigures } from '../../../contract/loadDriver.ts';
import { encodeHistogram, newHistogram, recordUs } from '../../recorders/histograms.ts';

/** Counts and times of the polls of one process. `initHistograms` must have been awaited. */
export class PollTally {
  sent = 0;
  answered = 0;
  empty = 0;
  failed = 0;
  skipped = 0;
  connections = 0;
  emptyBytes = 0;
  readonly #scheduleError = newHistogram();
  readonly #roundTrip = newHistogram();
  #last: PollFigures | null = null;

  /** Sent less due. */
  late(us: number): void {
    recordUs(this.#scheduleError, us);
  }

  /** From due to the whole answer. */
  took(us: number): void {
    recordUs(this.#roundTrip, us);
  }

  figures(): PollFigures {
    if (this.#last !== null) return this.#last;
    const { sent, answered, empty, failed, skipped, connections, emptyBytes } = this;
    return {
      sent,
      answered,
      empty,
      failed,
      skipped,
      connections,
      emptyBytes,
      scheduleError: encodeHistogram(this.#scheduleError),
      roundTrip: encodeHistogram(this.#roundTrip),
    };
  }

  /** Frees the histograms; the figures stay as they are. */
  stop(): void {
    if (this.#last !== null) return;
    this.#last = this.figures();
    this.#scheduleError.destroy();
    this.#roundTrip.destroy();
  }
}
