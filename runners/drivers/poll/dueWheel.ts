/** Buckets of one millisecond; a power of two. What is due later than that goes round again. */
const BUCKETS = 32_768;
const NONE = -1;
/** Longest look ahead for the next slot that is due, milliseconds. */
const MAX_SLEEP_MS = 64;

/**
 * Due times of many slots: a hashed timing wheel in typed arrays with one timer, so that a slot costs 16 bytes and
 * no object. Source: Varghese and Lauck, Hashed and Hierarchical Timing Wheels, SOSP 1987, scheme 6.
 */
export class DueWheel {
  readonly #first = new Int32Array(BUCKETS).fill(NONE);
  readonly #next: Int32Array;
  readonly #previous: Int32Array;
  /** Microseconds; NaN: the slot is not in the wheel. */
  readonly #dueUs: Float64Array;
  readonly #clock: () => number;
  readonly #due: (slot: number, dueUs: number, nowUs: number) => void;
  #length = 0;
  #isTurning = false;
  /** Every bucket before this millisecond has been emptied. */
  #doneMs = 0;
  #timer: NodeJS.Timeout | null = null;
  #wakeMs = Number.POSITIVE_INFINITY;

  /** `due` is told of each slot once it is due, never before; the slot is out of the wheel then. */
  constructor(slots: number, clock: () => number, due: (slot: number, dueUs: number, nowUs: number) => void) {
    this.#next = new Int32Array(slots).fill(NONE);
    this.#previous = new Int32Array(slots).fill(NONE);
    this.#dueUs = new Float64Array(slots).fill(Number.NaN);
    this.#clock = clock;
    this.#due = due;
  }

  /** Puts a slot in, or to another time. */
  set(slot: number, dueUs: number): void {
    if (!Number.isNaN(this.#dueUs[slot])) this.#unlink(slot);
    if (this.#length === 0 && !this.#isTurning) this.#doneMs = Math.floor(this.#clock() / 1_000);
    const dueMs = Math.max(Math.ceil(dueUs / 1_000), this.#doneMs);
    const bucket = dueMs % BUCKETS;
    const first = this.#first[bucket];
    this.#dueUs[slot] = dueUs;
    this.#next[slot] = first;
    this.#previous[slot] = NONE - 1 - bucket;
    if (first !== NONE) this.#previous[first] = slot;
    this.#first[bucket] = slot;
    this.#length++;
    if (!this.#isTurning && dueMs < this.#wakeMs) this.#sleepUntil(dueMs);
  }

  /** Without effect where the slot is not in the wheel. */
  remove(slot: number): void {
    if (Number.isNaN(this.#dueUs[slot])) return;
    this.#unlink(slot);
    if (this.#length === 0) this.stop();
  }

  stop(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    this.#wakeMs = Number.POSITIVE_INFINITY;
  }

  /** Tells of everything that is due. Called by the wheel's own timer. */
  turn(): void {
    const nowMs = Math.floor(this.#clock() / 1_000);
    // All are taken out first: what they make due again at once must not fall into a bucket that is done.
    this.#isTurning = true;
    const ready = this.#takeReady(nowMs);
    for (const { slot, dueUs } of ready) this.#due(slot, dueUs, this.#clock());
    this.#isTurning = false;
    if (this.#length > 0) this.#sleepUntil(this.#nextBusyMs());
  }

  #takeReady(nowMs: number): { slot: number; dueUs: number }[] {
    const ready: { slot: number; dueUs: number }[] = [];
    // A process that stood still for longer than a round needs each bucket only once.
    this.#doneMs = Math.max(this.#doneMs, nowMs - BUCKETS + 1);
    for (; this.#doneMs <= nowMs; this.#doneMs++) {
      let slot = this.#first[this.#doneMs % BUCKETS];
      while (slot !== NONE) {
        const next = this.#next[slot];
        const dueUs = this.#dueUs[slot];
        if (dueUs <= nowMs * 1_000) {
          this.#unlink(slot);
          ready.push({ slot, dueUs });
        }
        slot = next;
      }
    }
    return ready;
  }

  #unlink(slot: number): void {
    const next = this.#next[slot];
    const previous = this.#previous[slot];
    if (next !== NONE) this.#previous[next] = previous;
    if (previous >= 0) this.#next[previous] = next;
    else this.#first[NONE - 1 - previous] = next;
    this.#dueUs[slot] = Number.NaN;
    this.#length--;
  }

  #nextBusyMs(): number {
    for (let ahead = 0; ahead < MAX_SLEEP_MS; ahead++) {
      if (this.#first[(this.#doneMs + ahead) % BUCKETS] !== NONE) return this.#doneMs + ahead;
    }
    return this.#doneMs + MAX_SLEEP_MS;
  }

  #sleepUntil(wakeMs: number): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#wakeMs = wakeMs;
    const sleepMs = Math.max(1, Math.ceil(wakeMs - this.#clock() / 1_000));
    this.#timer = setTimeout(this.#wake, Math.min(sleepMs, MAX_SLEEP_MS));
  }

  readonly #wake = (): void => {
    this.#timer = null;
    this.#wakeMs = Number.POSITIVE_INFINITY;
    this.turn();
  };
}
