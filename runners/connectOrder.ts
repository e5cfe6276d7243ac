import { seededRandom, shuffle } from '../contract/random.ts';

/** How many places before and after a probe in the connect order count as its neighbours. */
const NEIGHBOUR_REACH = 2;

/**
 * The seeded random order in which the slots of all workers connect, and what follows from a place in it.
 * Position in a server's list of connections decides most of a broadcast's latency: so workers are mixed, probes are
 * scattered, and the same rule, computed by every process for itself, says which room and which endpoint a place has.
 */
export class ConnectOrder {
  readonly slots: number;
  readonly streams: number;
  readonly #slotAt: Int32Array;
  readonly #endpointAt: Int32Array;

  constructor(options: { slots: number; streams: number; endpoints: number; seed: number }) {
    this.slots = options.slots;
    this.streams = options.streams;
    this.#slotAt = shuffle(identity(options.slots), seededRandom(options.seed));
    // Drawn apart from the rooms: a rule by remainders would put whole rooms on one endpoint.
    this.#endpointAt = shuffle(identity(options.slots), seededRandom(options.seed + 1)).map(
      (n) => n % options.endpoints,
    );
  }

  /** Slot of the fleet at a position of the order. */
  slotAt(position: number): number {
    return this.#slotAt[position];
  }

  streamAt(position: number): number {
    return position % this.streams;
  }

  endpointAt(position: number): number {
    return this.#endpointAt[position];
  }

  /** Position of each slot in `[firstSlot, firstSlot + slots)`. */
  positionsOf(firstSlot: number, slots: number): Int32Array {
    const positions = new Int32Array(slots);
    for (let position = 0; position < this.slots; position++) {
      const local = this.#slotAt[position] - firstSlot;
      if (local >= 0 && local < slots) positions[local] = position;
    }
    return positions;
  }

  /** 1 for each position beside a probe; probes are the slots from `firstProbeSlot` on. */
  besideProbes(firstProbeSlot: number): Uint8Array {
    const beside = new Uint8Array(this.slots);
    for (let position = 0; position < this.slots; position++) {
      if (this.#slotAt[position] < firstProbeSlot) continue;
      const from = Math.max(0, position - NEIGHBOUR_REACH);
      beside.fill(1, from, Math.min(this.slots, position + NEIGHBOUR_REACH + 1));
    }
    for (let position = 0; position < this.slots; position++) {
      if (this.#slotAt[position] >= firstProbeSlot) beside[position] = 0;
    }
    return beside;
  }
}

function identity(length: number): Int32Array {
  return Int32Array.from({ length }, (_, i) => i);
}
