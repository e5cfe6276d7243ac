import { type PhaseSpec, seqOf, streamOf } from '../../contract/schedule.ts';
import { createSchedule, type Pacer } from '../../scenarios/pacing.ts';
import type { Turns } from './turns.ts';

/** A message that a client of this process has to say. */
export interface OwnTurn {
  /** Within this process, from 0. */
  readonly slot: number;
  readonly stream: number;
  readonly seq: number;
  /** Schedule index. */
  readonly index: number;
  /** Whole microseconds of the monotonic clock, as in the envelope. */
  readonly intendedUs: number;
}

/** The messages of a phase that are said by the slots of one process, in their order; found as they are asked for. */
export class OwnTurns {
  readonly #spec: PhaseSpec;
  readonly #turns: Turns;
  readonly #own: { readonly firstSlot: number; readonly slots: number };
  readonly #pacer: Pacer;
  #next = 0;

  constructor(spec: PhaseSpec, turns: Turns, own: { readonly firstSlot: number; readonly slots: number }) {
    this.#spec = spec;
    this.#turns = turns;
    this.#own = own;
    this.#pacer = createSchedule(spec);
  }

  /** null: that was the last one. */
  take(): OwnTurn | null {
    const { startUs, firstIndex, count, streams } = this.#spec;
    const { firstSlot, slots } = this.#own;
    while (this.#next < count) {
      const intendedUs = Math.floor(startUs + this.#pacer.intendedUs(this.#next));
      const index = firstIndex + this.#next++;
      const stream = streamOf(index, streams);
      const seq = seqOf(index, streams);
      const slot = this.#turns.speakerOf(stream, seq, intendedUs) - firstSlot;
      if (slot >= 0 && slot < slots) return { slot, stream, seq, index, intendedUs };
    }
    return null;
  }
}
