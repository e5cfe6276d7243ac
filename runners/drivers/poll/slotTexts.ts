const NONE = -1;
const OPAQUE = -2;
/** Decimal numbers that a double holds exactly and writes as they were. */
const DECIMAL = /^(?:0|[1-9]\d{0,14})$/;

/** One short text for each slot; decimal numbers cost 8 bytes and no object. */
export class SlotTexts {
  readonly #numbers: Float64Array;
  readonly #opaque = new Map<number, string>();

  constructor(slots: number) {
    this.#numbers = new Float64Array(slots).fill(NONE);
  }

  set(slot: number, text: string | null): void {
    if (this.#numbers[slot] === OPAQUE) this.#opaque.delete(slot);
    if (text === null) this.#numbers[slot] = NONE;
    else if (DECIMAL.test(text)) this.#numbers[slot] = Number(text);
    else {
      this.#numbers[slot] = OPAQUE;
      this.#opaque.set(slot, text);
    }
  }

  get(slot: number): string | null {
    const number = this.#numbers[slot];
    if (number >= 0) return String(number);
    return number === OPAQUE ? (this.#opaque.get(slot) ?? null) : null;
  }
}
