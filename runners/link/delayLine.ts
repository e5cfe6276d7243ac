import type { Histogram } from 'hdr-histogram-js';
import { nowUs } from '../../contract/clock.ts';
import { type Due, DueHeap } from '../dueHeap.ts';
import { newHistogram, recordUs } from '../recorders/histograms.ts';
import { Alarm } from './alarm.ts';

/** The alarm needs about this long to be heard, microseconds: it is set so much earlier, and what is left is waited out. */
const EARLY_US = 80;

/** Something that waits for its time. */
export interface Waiting extends Due {
  /** Its time has come; it is out of the line. */
  pass(atUs: number): void;
}

/** Everything that is on its way over the link in this process, in the order of the times at which it arrives. */
export class DelayLine {
  readonly #heap = new DueHeap<Waiting>();
  readonly #alarm = new Alarm(() => this.#ring());
  #late: Histogram = newHistogram();

  add(waiting: Waiting): void {
    this.#heap.push(waiting);
    if (this.#heap.first === waiting) this.#alarm.set(waiting.dueUs - EARLY_US);
  }

  /** Lets pass what is due. For whoever looks at the clock anyway: a process that is busy hears its alarm late. */
  passDue(atUs: number): void {
    const first = this.#heap.first;
    if (first === undefined || first.dueUs > atUs) return;
    this.#pass();
  }

  /** How late things passed since the last time that this was asked, microseconds. */
  takeLateness(): Histogram {
    const late = this.#late;
    this.#late = newHistogram();
    return late;
  }

  stop(): Promise<void> {
    return this.#alarm.stop();
  }

  #ring(): void {
    const first = this.#heap.first;
    if (first === undefined) return;
    // At most EARLY_US: to sleep so short a time would take longer.
    if (first.dueUs - nowUs() <= EARLY_US) while (nowUs() < first.dueUs);
    this.#pass();
  }

  #pass(): void {
    for (let first = this.#heap.first; first !== undefined; first = this.#heap.first) {
      const atUs = nowUs();
      if (first.dueUs > atUs) {
        this.#alarm.set(first.dueUs - EARLY_US);
        return;
      }
      this.#heap.pop();
      recordUs(this.#late, atUs - first.dueUs);
      first.pass(atUs);
    }
  }
}
