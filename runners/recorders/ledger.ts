import { messagesBefore, type PhaseSpec } from '../../contract/schedule.ts';
import type { SlotLayout } from './slotLayout.ts';

/** What the ledger says of one delivery. */
export const NEW = 0;
export const DUPLICATE = 1;
export const UNCLASSIFIED = 2;
export type Mark = typeof NEW | typeof DUPLICATE | typeof UNCLASSIFIED;

/** Above this a process keeps a window instead of every bit. */
export const LEDGER_BYTES_LIMIT = 64 * 1_048_576;
const WINDOW = 1_024;

export interface Losses {
  readonly bySlot: Map<number, number>;
  /** Key: `stream:seq`. */
  readonly byMessage: Map<string, number>;
}

/** One bit per expected delivery of one phase. */
export interface Ledger {
  /** False where a window stands in for the full ledger. */
  readonly exact: boolean;
  mark(slot: number, stream: number, seq: number): Mark;
  /** Messages of the phase in a stream; with `untilIndex`, only those of a lower schedule index. */
  messagesOf(stream: number, untilIndex: number | null): number;
  /** Who lost what among the slots that were expected to receive; empty where the ledger is not exact. */
  losses(expected: Uint8Array, untilIndex: number | null): Losses;
}

/** The full ledger, or the window where the full one would not fit. */
export function createLedger(phase: PhaseSpec, layout: SlotLayout, limitBytes = LEDGER_BYTES_LIMIT): Ledger {
  const full = new PhaseLayout(phase, layout);
  return full.bits / 8 <= limitBytes ? new FullLedger(full, layout) : new WindowLedger(full, layout);
}

/** Sequence numbers of each stream in a phase, and where a stream's bits begin. */
class PhaseLayout {
  readonly bits: number;
  readonly #firstSeq: Int32Array;
  readonly #count: Int32Array;
  readonly #base: Float64Array;

  constructor(phase: PhaseSpec, layout: SlotLayout) {
    const { streams } = phase;
    this.#firstSeq = new Int32Array(streams);
    this.#count = new Int32Array(streams);
    this.#base = new Float64Array(streams);
    let bits = 0;
    for (let s = 0; s < streams; s++) {
      this.#firstSeq[s] = messagesBefore(phase.firstIndex, s, streams);
      this.#count[s] = messagesBefore(phase.firstIndex + phase.count, s, streams) - this.#firstSeq[s];
      this.#base[s] = bits;
      bits += this.#count[s] * layout.slotsOfStream[s];
    }
    this.bits = bits;
  }

  firstSeq(stream: number): number {
    return this.#firstSeq[stream];
  }

  count(stream: number, untilIndex: number | null): number {
    if (untilIndex === null) return this.#count[stream];
    const until = messagesBefore(untilIndex, stream, this.#count.length) - this.#firstSeq[stream];
    return Math.max(0, Math.min(this.#count[stream], until));
  }

  base(stream: number): number {
    return this.#base[stream];
  }

  /** Number of the message within the phase and stream, or -1 where it is of another phase. */
  numberOf(stream: number, seq: number): number {
    const number = seq - this.#firstSeq[stream];
    return number >= 0 && number < this.#count[stream] ? number : -1;
  }
}

/** `bits[streamSeq x slots + slot]`: a fan-out of one message touches neighbouring bits. */
class FullLedger implements Ledger {
  readonly exact = true;
  readonly #phase: PhaseLayout;
  readonly #layout: SlotLayout;
  readonly #bits: Uint32Array;

  constructor(phase: PhaseLayout, layout: SlotLayout) {
    this.#phase = phase;
    this.#layout = layout;
    this.#bits = new Uint32Array(Math.ceil(phase.bits / 32));
  }

  mark(slot: number, stream: number, seq: number): Mark {
    const number = this.#phase.numberOf(stream, seq);
    if (number < 0) return UNCLASSIFIED;
    const bit =
      this.#phase.base(stream) +
      number * this.#layout.slotsOfStream[stream] +
      this.#layout.placeInStream[slot];
    const word = Math.floor(bit / 32);
    const mask = 1 << (bit & 31);
    if ((this.#bits[word] & mask) !== 0) return DUPLICATE;
    this.#bits[word] |= mask;
    return NEW;
  }

  messagesOf(stream: number, untilIndex: number | null): number {
    return this.#phase.count(stream, untilIndex);
  }

  losses(expected: Uint8Array, untilIndex: number | null): Losses {
    const losses: Losses = { bySlot: new Map(), byMessage: new Map() };
    for (let stream = 0; stream < this.#layout.streams; stream++) {
      const slots = this.#layout.slotsOfStream[stream];
      for (let n = 0; n < this.#phase.count(stream, untilIndex); n++) {
        const base = this.#phase.base(stream) + n * slots;
        for (let place = 0; place < slots; place++) {
          if (this.#isSet(base + place)) continue;
          const slot = this.#layout.slotAt(stream, place);
          if (expected[slot] === 1) this.#note(losses, slot, stream, n);
        }
      }
    }
    return losses;
  }

  #isSet(bit: number): boolean {
    return (this.#bits[Math.floor(bit / 32)] & (1 << (bit & 31))) !== 0;
  }

  #note(losses: Losses, slot: number, stream: number, number: number): void {
    const key = `${stream}:${this.#phase.firstSeq(stream) + number}`;
    losses.bySlot.set(slot, (losses.bySlot.get(slot) ?? 0) + 1);
    losses.byMessage.set(key, (losses.byMessage.get(key) ?? 0) + 1);
  }
}

/** The last 1,024 messages of each slot; what is older cannot be told apart and is `UNCLASSIFIED`. */
class WindowLedger implements Ledger {
  readonly exact = false;
  readonly #phase: PhaseLayout;
  readonly #bits: Uint32Array;
  readonly #highest: Int32Array;

  constructor(phase: PhaseLayout, layout: SlotLayout) {
    this.#phase = phase;
    this.#bits = new Uint32Array((layout.slots * WINDOW) / 32);
    this.#highest = new Int32Array(layout.slots).fill(-1);
  }

  mark(slot: number, stream: number, seq: number): Mark {
    const number = this.#phase.numberOf(stream, seq);
    const highest = this.#highest[slot];
    if (number < 0 || number <= highest - WINDOW) return UNCLASSIFIED;
    for (let n = Math.max(highest + 1, number - WINDOW + 1); n <= number; n++) this.#clear(slot, n);
    if (number > highest) this.#highest[slot] = number;
    const bit = slot * WINDOW + (number % WINDOW);
    const mask = 1 << (bit & 31);
    if ((this.#bits[bit >>> 5] & mask) !== 0) return DUPLICATE;
    this.#bits[bit >>> 5] |= mask;
    return NEW;
  }

  #clear(slot: number, number: number): void {
    const bit = slot * WINDOW + (number % WINDOW);
    this.#bits[bit >>> 5] &= ~(1 << (bit & 31));
  }

  messagesOf(stream: number, untilIndex: number | null): number {
    return this.#phase.count(stream, untilIndex);
  }

  losses(): Losses {
    return { bySlot: new Map(), byMessage: new Map() };
  }
}
