import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Envelope } from '../../contract/envelope.ts';
import type { LoadDriver } from '../../contract/loadDriver.ts';
import type { PublisherPhaseReport } from '../../contract/publisherControl.ts';
import type { ChatPhaseReport, SpeakRequest, WorkerStart } from '../../contract/workerControl.ts';
import type { ConnectOrder } from '../connectOrder.ts';
import { PayloadWriter } from '../publisher/payload.ts';
import { encodeHistogram } from '../recorders/histograms.ts';
import { messagesFrom } from './messagesFrom.ts';
import { SpokenPhase } from './spokenPhase.ts';
import { Turns } from './turns.ts';

/** States of a slot's half. */
const SPEAKING = 0;
/** Its half is closed, and it goes on receiving. */
const ENDED = 1;
/** The protocol knows no such thing: it only fell silent. */
const FELL_SILENT = 2;

export interface ConversationParts {
  readonly start: WorkerStart;
  readonly driver: LoadDriver;
  readonly order: ConnectOrder;
  /** Of each slot in the connect order. */
  readonly positions: Int32Array;
  /** 1 for each slot that is expected to receive. */
  readonly expected: Uint8Array;
  /** Connections of the slots that are live. */
  readonly connections: () => number;
}

/** What the clients of one worker say to their rooms, and what they hear of it themselves. */
export class Conversation {
  readonly #parts: ConversationParts;
  readonly #half: Uint8Array;
  /** Of each slot that ends its half: what was due from then on. */
  readonly #received: Float64Array;
  readonly #phases: SpokenPhase[] = [];

  constructor(parts: ConversationParts) {
    this.#parts = parts;
    this.#half = new Uint8Array(parts.start.slots);
    this.#received = new Float64Array(parts.start.slots);
  }

  /** @throws Error where clients of this protocol say nothing. */
  speak({ spec, payloadBytes, typingShare, halfClose }: SpeakRequest): Promise<PublisherPhaseReport> {
    const { start, driver, order } = this.#parts;
    const { run, seed, firstSlot, slots, protocol, kind } = start;
    if (driver.say === undefined) throw new Error(`${kind} clients of protocol ${protocol} say nothing`);
    const phase = new SpokenPhase({
      spec,
      run,
      seed,
      firstSlot,
      slots,
      typingShare,
      halfClose,
      turns: new Turns(order, seed, halfClose),
      payload: new PayloadWriter(payloadBytes, run),
      say: driver.say.bind(driver),
    });
    this.#phases.push(phase);
    return phase.run();
  }

  /** The clients that are to end their half do so, once they have said what was due before. @returns how many could */
  async endUplinks(phaseId: number): Promise<number> {
    const { positions, driver } = this.#parts;
    const { halfClose, turns } = this.#phase(phaseId);
    if (halfClose === null) return 0;
    while (this.#phases.some((each) => each.isBehind(halfClose.atUs))) await nextTurn();
    let count = 0;
    positions.forEach((position, slot) => {
      if (!turns.endsHalf(position)) return;
      this.#half[slot] = driver.endUplink?.(slot) === true ? ENDED : FELL_SILENT;
      if (this.#half[slot] === ENDED) count++;
    });
    return count;
  }

  /** Ends what is being said early. */
  hush(): void {
    for (const phase of this.#phases) phase.abort();
  }

  /** One delivery that is in the ledger. */
  recorded(slot: number, envelope: Envelope, receivedUs: number): void {
    const phase = this.#phases.find(({ spec }) => holds(spec, envelope.index));
    if (phase === undefined) return;
    phase.heard(slot, envelope, receivedUs);
    const { halfClose, turns } = phase;
    if (halfClose === null || envelope.intendedUs < halfClose.atUs) return;
    // Not only from when the half is closed: what was due at that time may be here before it is.
    if (turns.endsHalf(this.#parts.positions[slot])) this.#received[slot]++;
  }

  report(phaseId: number): ChatPhaseReport {
    const { start, order, positions, expected, connections } = this.#parts;
    const { spec, halfClose, tally, echo } = this.#phase(phaseId);
    const due = halfClose === null ? new Map<number, number>() : messagesFrom(spec, halfClose.atUs);
    const counts = { halfClosed: 0, halfCloseRefused: 0, halfClosedExpected: 0, halfClosedReceived: 0 };
    for (let slot = 0; slot < start.slots; slot++) {
      if (this.#half[slot] === SPEAKING || expected[slot] === 0) continue;
      if (this.#half[slot] === FELL_SILENT) counts.halfCloseRefused++;
      else {
        counts.halfClosed++;
        counts.halfClosedExpected += due.get(order.streamAt(positions[slot])) ?? 0;
        counts.halfClosedReceived += this.#received[slot];
      }
    }
    return {
      messages: tally.said.message,
      typing: tally.said.typing,
      echo: encodeHistogram(echo),
      ...counts,
      tcpConnections: connections(),
    };
  }

  stop(): void {
    this.hush();
    for (const phase of this.#phases) phase.destroy();
    this.#phases.length = 0;
  }

  #phase(id: number): SpokenPhase {
    const phase = this.#phases.find(({ spec }) => spec.id === id);
    if (phase === undefined) throw new RangeError(`phase ${id} was not spoken here`);
    return phase;
  }
}

function holds({ firstIndex, count }: { firstIndex: number; count: number }, index: number): boolean {
  return index >= firstIndex && index < firstIndex + count;
}
