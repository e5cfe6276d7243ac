import { seededRandom } from '../../contract/random.ts';
import { messagesBefore } from '../../contract/schedule.ts';
import type { HalfClose } from '../../contract/workerControl.ts';
import type { ConnectOrder } from '../connectOrder.ts';

/** Multiplier of the golden ratio (Knuth, The Art of Computer Programming, volume 3, section 6.4): spreads the indices. */
const SPREAD = 0x9e3779b1;

/** A draw in [0, 1) that belongs to one number: the same in every process. */
function drawOf(seed: number, number: number): number {
  return seededRandom(seed ^ Math.imul(number + 1, SPREAD))();
}

/** True where the message of a schedule index is a typing notice. */
export function isTyping(seed: number, index: number, share: number): boolean {
  return drawOf(seed, index) < share;
}

/**
 * Who says which message: the members of its room in turn, in their connect order. A pure function of what every process
 * knows, so that each worker finds the turns of its own clients for itself.
 */
export class Turns {
  readonly #order: ConnectOrder;
  readonly #halfClose: HalfClose | null;
  /** 1 for each position of the connect order whose client ends its half. */
  readonly #silent: Uint8Array;

  /** @param halfClose null: all go on speaking */
  constructor(order: ConnectOrder, seed: number, halfClose: HalfClose | null) {
    this.#order = order;
    this.#halfClose = halfClose;
    this.#silent = Uint8Array.from({ length: order.slots }, (_, position) => {
      // The first member of each room goes on: somebody has to.
      const maySilence = position >= order.streams && halfClose !== null;
      return maySilence && drawOf(seed + 3, position) < halfClose.share ? 1 : 0;
    });
  }

  /** Slot of the fleet whose turn a message is. Whoever has ended its half is passed over. */
  speakerOf(stream: number, seq: number, intendedUs: number): number {
    const { streams, slots } = this.#order;
    const members = messagesBefore(slots, stream, streams);
    let position = stream + (seq % members) * streams;
    while (this.#isSilent(position, intendedUs)) {
      position = position + streams < slots ? position + streams : stream;
    }
    return this.#order.slotAt(position);
  }

  /** True where the client at a position of the connect order ends its half. */
  endsHalf(position: number): boolean {
    return this.#silent[position] === 1;
  }

  #isSilent(position: number, atUs: number): boolean {
    return this.#silent[position] === 1 && this.#halfClose !== null && atUs >= this.#halfClose.atUs;
  }
}
