import type { PollingOptions } from '../../../contract/loadDriver.ts';
import { seededRandom } from '../../../contract/random.ts';
import { DueWheel } from './dueWheel.ts';
import type { PollPacing } from './pollPacing.ts';

/** The back-off of an idle poller ends at so many intervals. */
const LONGEST_BACKOFF = 8;

/**
 * When each slot polls: at a random phase within one interval after it opened, and every interval from then on. The times
 * are fixed, so that neither a late timer nor a slow answer moves the next poll.
 */
export class PollSchedule implements PollPacing {
  readonly #intervalUs: number;
  readonly #jitterUs: number;
  readonly #backoff: number;
  readonly #random: () => number;
  readonly #wheel: DueWheel;
  /** Next poll by slot, before jitter, microseconds. */
  readonly #gridUs: Float64Array;
  /** Intervals until the next poll after an empty one. */
  readonly #stretch: Float32Array;
  readonly #clock: () => number;

  /** `due` is told of each poll when it is time. */
  constructor(
    slots: number,
    polling: PollingOptions,
    clock: () => number,
    due: (slot: number, dueUs: number, nowUs: number) => void,
  ) {
    this.#intervalUs = polling.intervalMs * 1_000;
    this.#jitterUs = polling.jitter * this.#intervalUs;
    this.#backoff = polling.backoff;
    this.#random = seededRandom(polling.seed);
    this.#gridUs = new Float64Array(slots);
    this.#stretch = new Float32Array(polling.backoff > 1 ? slots : 0).fill(1);
    this.#clock = clock;
    this.#wheel = new DueWheel(slots, clock, (slot, dueUs, nowUs) => {
      this.#gridUs[slot] += this.#intervalUs;
      this.#setDue(slot);
      due(slot, dueUs, nowUs);
    });
  }

  /** The polls of the slot begin. */
  opened(slot: number): void {
    this.#gridUs[slot] = this.#clock() + this.#random() * this.#intervalUs;
    if (this.#backoff > 1) this.#stretch[slot] = 1;
    this.#setDue(slot);
  }

  remove(slot: number): void {
    this.#wheel.remove(slot);
  }

  stop(): void {
    this.#wheel.stop();
  }

  /** An idle poller asks less and less often, where that is wanted. */
  answered(slot: number, isNew: boolean): void {
    if (this.#backoff <= 1) return;
    if (isNew) {
      this.#stretch[slot] = 1;
      return;
    }
    this.#stretch[slot] = Math.min(LONGEST_BACKOFF, this.#stretch[slot] * this.#backoff);
    this.#gridUs[slot] += (this.#stretch[slot] - 1) * this.#intervalUs;
    this.#setDue(slot);
  }

  /** The polls in a pause that the server asked for are left out. */
  refused(slot: number, pauseMs: number | null): void {
    if (pauseMs === null) return;
    const untilUs = this.#clock() + pauseMs * 1_000;
    const missed = Math.ceil((untilUs - this.#gridUs[slot]) / this.#intervalUs);
    if (missed <= 0) return;
    this.#gridUs[slot] += missed * this.#intervalUs;
    this.#setDue(slot);
  }

  /** Jitter only delays, by less than an interval: polls keep their order. */
  #setDue(slot: number): void {
    const jitterUs = this.#jitterUs === 0 ? 0 : this.#jitterUs * this.#random();
    this.#wheel.set(slot, this.#gridUs[slot] + jitterUs);
  }
}
