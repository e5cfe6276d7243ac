import { seededRandom, shuffle } from '../../contract/random.ts';
import type { SlowReaders, SlowSlotCounts, WorkerStart } from '../../contract/workerControl.ts';

/** Own draw: neither the connect order nor the endpoints say who reads slowly. */
const SEED_OFFSET = 11;

type Place = Pick<WorkerStart, 'seed' | 'firstProbeSlot' | 'fleetSlots' | 'firstSlot' | 'slots' | 'slow'>;

/**
 * Which slots of this process read slowly: a seeded share of the fleet's bulk slots, at least one where the share is above 0.
 * Every process draws the same.
 * @returns 1 for each of them
 */
export function slowSlots(place: Place): Uint8Array {
  const { seed, firstProbeSlot, fleetSlots, firstSlot, slots, slow } = place;
  const own = new Uint8Array(slots);
  if (slow === null) return own;
  const bulk = Math.min(firstProbeSlot, fleetSlots);
  const drawn = shuffle(
    Int32Array.from({ length: bulk }, (_, slot) => slot),
    seededRandom(seed + SEED_OFFSET),
  );
  for (const slot of drawn.subarray(0, Math.max(1, Math.round(bulk * slow.share)))) {
    if (slot >= firstSlot && slot < firstSlot + slots) own[slot - firstSlot] = 1;
  }
  return own;
}

/** The slots of one process that read slowly, and what becomes of each. */
export class SlowReading {
  readonly isSlow: Uint8Array;
  readonly #reads: SlowReaders | null;
  readonly #wasEnded: Uint8Array;
  readonly #wasToldGap: Uint8Array;
  #isReleased = false;

  constructor(place: Place) {
    this.isSlow = slowSlots(place);
    this.#reads = place.slow;
    this.#wasEnded = new Uint8Array(place.slots);
    this.#wasToldGap = new Uint8Array(place.slots);
  }

  /** Bytes per second that a slot may read once it is live; null: no bound. */
  boundOf(slot: number): number | null {
    if (this.#reads === null || this.#isReleased || this.isSlow[slot] === 0) return null;
    return this.#reads.bytesPerSecond;
  }

  /** Nobody reads slowly from now on. @returns who did */
  release(): number[] {
    if (this.#isReleased) return [];
    this.#isReleased = true;
    return [...this.isSlow.keys()].filter((slot) => this.isSlow[slot] === 1);
  }

  /** A live connection was ended by the server. */
  ended(slot: number): void {
    this.#wasEnded[slot] = 1;
  }

  toldGap(slot: number): void {
    this.#wasToldGap[slot] = 1;
  }

  /** @param expected 1 for each slot that was established, @param isLive now */
  counts(expected: Uint8Array, isLive: (slot: number) => boolean): SlowSlotCounts | null {
    if (this.#reads === null) return null;
    const counts = { slots: 0, kept: 0, back: 0, away: 0, gapTold: 0 };
    for (let slot = 0; slot < expected.length; slot++) {
      if (this.isSlow[slot] === 0 || expected[slot] === 0) continue;
      counts.slots++;
      counts[this.#wasEnded[slot] === 0 ? 'kept' : isLive(slot) ? 'back' : 'away']++;
      counts.gapTold += this.#wasToldGap[slot];
    }
    return counts;
  }
}
