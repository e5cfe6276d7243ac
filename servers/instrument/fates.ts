import type { InstrumentSpec } from '../../contract/knownAnswer.ts';

/** What becomes of a message on its way to one subscriber. */
export type Fate = 'pass' | 'drop' | 'duplicate' | 'reorder';

/** Messages that pass before the first fault: the ledger then knows a highest sequence number. */
const FIRST = 4;
/** Messages from one fault to the next: no two of them touch, so that each counts once. */
const STRIDE = 4;

function faultsOf({ drop, duplicate, reorder }: InstrumentSpec): number {
  return drop + duplicate + reorder;
}

/** What becomes of the subscriber's message number `position`, counted from 0: first all drops, then duplicates, then reorders. */
export function fateOf(spec: InstrumentSpec, position: number): Fate {
  const fault = (position - FIRST) / STRIDE;
  if (!Number.isInteger(fault) || fault < 0 || fault >= faultsOf(spec)) return 'pass';
  if (fault < spec.drop) return 'drop';
  return fault < spec.drop + spec.duplicate ? 'duplicate' : 'reorder';
}

/** Messages that every subscriber has to be sent until each of its faults has happened, wherever its course begins. */
export function messagesForFaults(spec: InstrumentSpec): number {
  return FIRST + STRIDE * (faultsOf(spec) + 1);
}

/** The messages of one subscriber, in the order in which it is to get them. */
export class Course<M> {
  readonly #spec: InstrumentSpec;
  #position: number;
  /** Waits for the one that follows it. */
  #held: M | null = null;

  /** @param number of the subscriber: the faults of neighbours hit different messages */
  constructor(spec: InstrumentSpec, number: number) {
    this.#spec = spec;
    this.#position = -(number % STRIDE);
  }

  /** @returns what is to be delivered now that this message has come */
  next(message: M): readonly M[] {
    const fate = fateOf(this.#spec, this.#position++);
    switch (fate) {
      case 'drop':
        return [];
      case 'duplicate':
        return [message, message];
      case 'reorder':
        this.#held = message;
        return [];
      case 'pass':
        return this.#pass(message);
      default:
        return fate satisfies never;
    }
  }

  #pass(message: M): readonly M[] {
    const held = this.#held;
    this.#held = null;
    return held === null ? [message] : [message, held];
  }
}
