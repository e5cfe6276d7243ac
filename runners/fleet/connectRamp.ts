import type { RampRequest } from '../../contract/workerControl.ts';
import type { ConnectOrder } from '../connectOrder.ts';

/** The slots of one process that a stretch of the connect order opens, each with an intended time of its own. */
export class ConnectRamp {
  readonly #slots: number[] = [];
  readonly #dueUs: number[] = [];
  #next = 0;

  /** @param own slots of this process: `[firstSlot, firstSlot + slots)` of the fleet */
  constructor(
    order: ConnectOrder,
    request: RampRequest,
    own: { readonly firstSlot: number; readonly slots: number },
  ) {
    for (let position = request.fromPosition; position < request.toPosition; position++) {
      const slot = order.slotAt(position) - own.firstSlot;
      if (slot < 0 || slot >= own.slots) continue;
      this.#slots.push(slot);
      this.#dueUs.push(
        request.startUs + ((position - request.fromPosition) * 1e6) / request.connectPerSecond,
      );
    }
  }

  get isEmpty(): boolean {
    return this.#slots.length === 0;
  }

  get isDone(): boolean {
    return this.#next >= this.#slots.length;
  }

  /** The next slot whose time has come, or null. */
  takeDue(nowUs: number): { readonly slot: number; readonly dueUs: number } | null {
    if (this.isDone || this.#dueUs[this.#next] > nowUs) return null;
    const at = this.#next++;
    return { slot: this.#slots[at], dueUs: this.#dueUs[at] };
  }
}
