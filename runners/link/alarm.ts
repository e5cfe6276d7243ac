import { Worker } from 'node:worker_threads';
import { EXTENSION } from '../roleClient.ts';
import { type AlarmMemory, TURN } from './alarmMemory.ts';

/**
 * Rings at a time of the monotonic clock, to about a tenth of a millisecond and without spinning: a thread of its own
 * sleeps until then.
 */
export class Alarm {
  readonly #memory: AlarmMemory = {
    turns: new Int32Array(new SharedArrayBuffer(4)),
    dueUs: new Float64Array(new SharedArrayBuffer(8)),
  };
  readonly #thread: Worker;
  #setUs = Number.POSITIVE_INFINITY;

  /** @param ring may come early, and without cause: it looks at the clock itself */
  constructor(ring: () => void) {
    this.#thread = new Worker(new URL(`./alarmThread${EXTENSION}`, import.meta.url), {
      workerData: this.#memory,
    });
    this.#thread.on('message', () => {
      this.#setUs = Number.POSITIVE_INFINITY;
      ring();
    });
  }

  /** It rings by then; an earlier time that was set before holds. */
  set(atUs: number): void {
    if (atUs >= this.#setUs) return;
    this.#setUs = atUs;
    this.#memory.dueUs[0] = atUs;
    Atomics.add(this.#memory.turns, TURN, 1);
    Atomics.notify(this.#memory.turns, TURN);
  }

  async stop(): Promise<void> {
    await this.#thread.terminate();
  }
}
