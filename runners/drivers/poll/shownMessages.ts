import { ENVELOPE_BYTES, emptyEnvelope, findMarker, readEnvelope } from '../../../contract/envelope.ts';
import type { DriverEvents } from '../../../contract/loadDriver.ts';
import { MessageReader } from '../../recorders/messageReader.ts';

/** Finds what an answer shows, hands it on, and says whether any of it is new to the slot. */
export class ShownMessages {
  readonly #events: DriverEvents;
  readonly #isHeld: boolean;
  readonly #isLive: (slot: number) => boolean;
  readonly #newestSeq: Int32Array;
  /** Run of the slot's newest message: a state left over from an earlier run must not hide those of this one. */
  readonly #run: Int32Array;
  readonly #envelope = emptyEnvelope();
  readonly #encoded = new MessageReader();

  /** A slot that was closed while it took a message gets no more of them: `isLive`. */
  constructor(slots: number, events: DriverEvents, isHeld: boolean, isLive: (slot: number) => boolean) {
    this.#events = events;
    this.#isHeld = isHeld;
    this.#isLive = isLive;
    this.#newestSeq = new Int32Array(slots).fill(-1);
    this.#run = new Int32Array(slots).fill(-1);
  }

  /** Reads a whole body. @returns false where it shows nothing new. */
  read(slot: number, bytes: Uint8Array, start: number, end: number, receivedUs: number): boolean {
    const first = findMarker(bytes, start, end);
    if (first < 0) return this.#readEncoded(slot, bytes, start, end, receivedUs);
    return this.#isHeld
      ? this.#readAll(slot, bytes, first, end, receivedUs)
      : this.#readState(slot, bytes, first, end, receivedUs);
  }

  #readState(slot: number, bytes: Uint8Array, at: number, end: number, receivedUs: number): boolean {
    if (!readEnvelope(bytes, at, this.#envelope)) return false;
    const { run, seq } = this.#envelope;
    const isSame = run === this.#run[slot] && seq === this.#newestSeq[slot];
    if (isSame) return false;
    const isNew = this.#take(slot, run, seq);
    // An older state than the last is told as well: the recorder counts what went backwards.
    this.#events.state(slot, bytes, at, end, receivedUs);
    return isNew;
  }

  #readAll(slot: number, bytes: Uint8Array, first: number, end: number, receivedUs: number): boolean {
    let isNew = false;
    for (let at = first; at >= 0 && this.#isLive(slot); ) {
      const next = findMarker(bytes, at + ENVELOPE_BYTES, end);
      if (readEnvelope(bytes, at, this.#envelope)) {
        isNew = this.#take(slot, this.#envelope.run, this.#envelope.seq) || isNew;
      }
      this.#events.message(slot, bytes, at, next < 0 ? end : next, receivedUs);
      at = next;
    }
    return isNew;
  }

  /** Under base64 only the first message can be found. */
  #readEncoded(slot: number, bytes: Uint8Array, start: number, end: number, receivedUs: number): boolean {
    if (start === end || !this.#encoded.read(bytes, start, end)) return false;
    const { run, seq } = this.#encoded.envelope;
    if (!this.#isHeld && run === this.#run[slot] && seq === this.#newestSeq[slot]) return false;
    const isNew = this.#take(slot, run, seq);
    if (this.#isHeld) this.#events.message(slot, bytes, start, end, receivedUs);
    else this.#events.state(slot, bytes, start, end, receivedUs);
    return isNew;
  }

  #take(slot: number, run: number, seq: number): boolean {
    if (run === this.#run[slot] && seq <= this.#newestSeq[slot]) return false;
    this.#run[slot] = run;
    this.#newestSeq[slot] = seq;
    return true;
  }
}
