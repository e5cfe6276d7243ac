import type { Envelope } from '../../contract/envelope.ts';
import { messagesBefore, type PhaseSpec } from '../../contract/schedule.ts';
import type { WorkerPhaseReport } from '../../contract/workerControl.ts';
import { MessageReader } from './messageReader.ts';
import { type CollectRequest, PhaseRecorder } from './phaseRecorder.ts';
import type { SlotLayout } from './slotLayout.ts';

/** Books every message that arrives in one process to the phase of its schedule index. Nothing is ever reset. */
export class FleetRecorder {
  /** Messages without a token of this run, or of another stream than the slot asked for. */
  foreign = 0;
  /** Told of every message of a push stream once it is in the ledger; null: nobody asks. */
  onRecorded: ((slot: number, envelope: Envelope, receivedUs: number) => void) | null = null;
  readonly #run: number;
  readonly #layout: SlotLayout;
  readonly #neighbourSlots: Uint8Array;
  readonly #slowSlots: Uint8Array;
  readonly #reader = new MessageReader();
  readonly #phases: PhaseRecorder[] = [];
  readonly #highestSeq: Int32Array;
  /** The phase of the last message and the window of the last receipt: nearly always those of the next, too. */
  #recent: PhaseRecorder | null = null;
  #window: PhaseRecorder | null = null;

  /** @param slowSlots 1 for each slot that reads slowly on purpose */
  constructor(
    run: number,
    layout: SlotLayout,
    neighbourSlots: Uint8Array,
    slowSlots: Uint8Array = new Uint8Array(layout.slots),
  ) {
    this.#run = run;
    this.#layout = layout;
    this.#neighbourSlots = neighbourSlots;
    this.#slowSlots = slowSlots;
    this.#highestSeq = new Int32Array(layout.slots).fill(-1);
  }

  add(spec: PhaseSpec): void {
    this.#phases.push(new PhaseRecorder(spec, this.#layout, this.#neighbourSlots, this.#slowSlots));
  }

  /** One message of a push stream: what is shown is exactly the message. */
  message(slot: number, bytes: Uint8Array, start: number, end: number, receivedUs: number): void {
    const { envelope } = this.#reader;
    if (!this.#reader.read(bytes, start, end) || !this.#belongs(slot)) {
      this.foreign++;
      return;
    }
    const phase = this.#phaseOf(envelope.index);
    if (phase === null) {
      this.foreign++;
      return;
    }
    const { stream, seq } = envelope;
    const isLate = seq < this.#highestSeq[slot];
    const times = { intendedUs: envelope.intendedUs, sentUs: envelope.sentUs, receivedUs };
    if (!phase.record(slot, stream, seq, envelope.index, times, isLate, false)) return;
    if (!isLate) this.#highestSeq[slot] = seq;
    this.onRecorded?.(slot, envelope, receivedUs);
    this.#countReceipt(slot, receivedUs);
  }

  /**
   * The newest state, told by a poll: it makes every message of the stream up to its own visible, each with a latency
   * of its own; taking only the newest would make polling look many times better than it is.
   */
  state(slot: number, bytes: Uint8Array, start: number, end: number, receivedUs: number): void {
    const { envelope } = this.#reader;
    if (!this.#reader.read(bytes, start, end) || !this.#belongs(slot)) {
      this.foreign++;
      return;
    }
    const { stream, seq } = envelope;
    if (seq < this.#highestSeq[slot]) {
      this.#phaseOf(envelope.index)?.countStale();
      return;
    }
    for (let shown = this.#firstShown(slot, stream); shown <= seq; shown++) {
      this.#show(slot, shown, receivedUs, shown < seq);
    }
    this.#highestSeq[slot] = seq;
  }

  /** Messages before the first phase that is kept here are nobody's business any more. */
  #firstShown(slot: number, stream: number): number {
    const firstIndex = this.#phases.reduce(
      (first, { spec }) => Math.min(first, spec.firstIndex),
      Number.POSITIVE_INFINITY,
    );
    return Math.max(this.#highestSeq[slot] + 1, messagesBefore(firstIndex, stream, this.#layout.streams));
  }

  #show(slot: number, seq: number, receivedUs: number, isSuperseded: boolean): void {
    const { envelope } = this.#reader;
    const index = seq * this.#layout.streams + envelope.stream;
    const phase = this.#phaseOf(index);
    if (phase === null) return;
    const times = isSuperseded
      ? { intendedUs: phase.intendedUs(index), sentUs: null, receivedUs }
      : { intendedUs: envelope.intendedUs, sentUs: envelope.sentUs, receivedUs };
    if (phase.record(slot, envelope.stream, seq, index, times, false, isSuperseded)) {
      this.#countReceipt(slot, receivedUs);
    }
  }

  #belongs(slot: number): boolean {
    const { envelope } = this.#reader;
    return envelope.run === this.#run && envelope.stream === this.#layout.streamOfSlot[slot];
  }

  #phaseOf(index: number): PhaseRecorder | null {
    if (this.#recent !== null && holds(this.#recent.spec, index)) return this.#recent;
    const found = this.#phases.find((phase) => holds(phase.spec, index)) ?? null;
    if (found !== null) this.#recent = found;
    return found;
  }

  #countReceipt(slot: number, receivedUs: number): void {
    if (this.#window === null || !this.#window.covers(receivedUs)) {
      this.#window = this.#phases.find((phase) => phase.covers(receivedUs)) ?? null;
    }
    this.#window?.countReceipt(slot, receivedUs);
  }

  progress(expectedSlots: Uint8Array): { phase: number; received: number; missing: number }[] {
    return this.#phases.map((phase) => ({
      phase: phase.spec.id,
      received: phase.received,
      missing: Math.max(0, phase.expected(expectedSlots) - phase.received),
    }));
  }

  /** @throws RangeError for a phase that was never added or is collected already. */
  collect(request: CollectRequest): WorkerPhaseReport {
    const at = this.#phases.findIndex((phase) => phase.spec.id === request.phase);
    if (at < 0) throw new RangeError(`phase ${request.phase} is not recorded here`);
    const [phase] = this.#phases.splice(at, 1);
    if (this.#recent === phase) this.#recent = null;
    if (this.#window === phase) this.#window = null;
    const report = phase.report(request);
    phase.destroy();
    return report;
  }

  stop(): void {
    for (const phase of this.#phases.splice(0)) phase.destroy();
  }
}

function holds(spec: PhaseSpec, index: number): boolean {
  return index >= spec.firstIndex && index < spec.firstIndex + spec.count;
}
