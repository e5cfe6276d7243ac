/**
 * Which slot of this process listens to which stream, and its place among the slots of that stream.
 * Built once; the ledger and the loss report index by it.
 */
export class SlotLayout {
  readonly slots: number;
  readonly streams: number;
  readonly streamOfSlot: Int32Array;
  readonly placeInStream: Int32Array;
  /** Slots of this process per stream. */
  readonly slotsOfStream: Int32Array;
  readonly #firstOfStream: Int32Array;
  readonly #slotByPlace: Int32Array;

  constructor(streamOfSlot: Int32Array, streams: number) {
    this.slots = streamOfSlot.length;
    this.streams = streams;
    this.streamOfSlot = streamOfSlot;
    this.placeInStream = new Int32Array(this.slots);
    this.slotsOfStream = new Int32Array(streams);
    for (let slot = 0; slot < this.slots; slot++) {
      this.placeInStream[slot] = this.slotsOfStream[streamOfSlot[slot]]++;
    }
    this.#firstOfStream = new Int32Array(streams + 1);
    for (let s = 0; s < streams; s++)
      this.#firstOfStream[s + 1] = this.#firstOfStream[s] + this.slotsOfStream[s];
    this.#slotByPlace = new Int32Array(this.slots);
    for (let slot = 0; slot < this.slots; slot++) {
      this.#slotByPlace[this.#firstOfStream[streamOfSlot[slot]] + this.placeInStream[slot]] = slot;
    }
  }

  slotAt(stream: number, place: number): number {
    return this.#slotByPlace[this.#firstOfStream[stream] + place];
  }
}
