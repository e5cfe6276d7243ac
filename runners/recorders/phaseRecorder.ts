import type { Histogram } from 'hdr-histogram-js';
import { type PhaseSpec, sliceRows } from '../../contract/schedule.ts';
import type { SlowPhaseReport, WorkerPhaseReport } from '../../contract/workerControl.ts';
import { BINS, binOf } from '../../reports/statistics/bins.ts';
import { createSchedule, type Pacer } from '../../scenarios/pacing.ts';
import { packArray } from './binary.ts';
import { encodeHistogram, newHistogram, recordUs } from './histograms.ts';
import { createLedger, DUPLICATE, type Ledger, type Losses, UNCLASSIFIED } from './ledger.ts';
import type { SlotLayout } from './slotLayout.ts';
import { SlowDeliveries } from './slowDeliveries.ts';

/** Per-message receipts are kept up to this many messages: two arrays of 4 bytes each. */
const RECEIPTS_LIMIT = 262_144;
const WORST = 10;

export interface CollectRequest {
  readonly phase: number;
  /** Messages from this schedule index on are not expected; null: all are. */
  readonly untilIndex: number | null;
  /** 1 for each slot that is expected to receive. */
  readonly expectedSlots: Uint8Array;
  /** Number in the fleet of this process's slot 0. */
  readonly firstSlot: number;
}

/** Microseconds of the monotonic clock. */
export interface Times {
  readonly intendedUs: number;
  /** null: the message itself was never seen, a newer state made it visible. */
  readonly sentUs: number | null;
  readonly receivedUs: number;
}

/** Everything that is kept of the messages of one phase in one process. */
export class PhaseRecorder {
  readonly spec: PhaseSpec;
  received = 0;
  readonly #layout: SlotLayout;
  readonly #ledger: Ledger;
  readonly #delivery: Histogram = newHistogram();
  readonly #service: Histogram = newHistogram();
  readonly #neighbours: Histogram = newHistogram();
  readonly #neighbourSlots: Uint8Array;
  readonly #rows: number;
  readonly #slices: Uint32Array;
  readonly #first: Int32Array | null;
  readonly #last: Int32Array | null;
  readonly #perSecond: Float64Array;
  /** null: nobody here reads slowly. */
  readonly #slow: SlowDeliveries | null;
  /** Made when first asked for: only polls show messages that they do not carry. */
  #schedule: Pacer | null = null;
  #duplicated = 0;
  #reordered = 0;
  #unclassified = 0;
  #superseded = 0;

  constructor(spec: PhaseSpec, layout: SlotLayout, neighbourSlots: Uint8Array, slowSlots: Uint8Array) {
    this.spec = spec;
    this.#layout = layout;
    this.#neighbourSlots = neighbourSlots;
    this.#slow = SlowDeliveries.of(slowSlots);
    this.#ledger = createLedger(spec, layout);
    this.#rows = sliceRows(spec.durationUs);
    this.#slices = new Uint32Array(this.#rows * BINS);
    const keepReceipts = layout.slots > layout.streams && spec.count <= RECEIPTS_LIMIT;
    this.#first = keepReceipts ? new Int32Array(spec.count).fill(2 ** 31 - 1) : null;
    this.#last = keepReceipts ? new Int32Array(spec.count).fill(-1) : null;
    this.#perSecond = new Float64Array(Math.max(1, Math.ceil(spec.durationUs / 1e6)));
  }

  /** True where a time lies inside the phase's window. */
  covers(atUs: number): boolean {
    return atUs >= this.spec.startUs && atUs < this.spec.startUs + this.spec.durationUs;
  }

  /** When a message of this phase was due, microseconds of the monotonic clock. */
  intendedUs(index: number): number {
    this.#schedule ??= createSchedule(this.spec);
    return this.spec.startUs + this.#schedule.intendedUs(index - this.spec.firstIndex);
  }

  /** A poll showed a state older than the last one. */
  countStale(): void {
    this.#reordered++;
  }

  /** Counts a receipt inside the window, of whatever phase the message is; those of slow readers are counted apart. */
  countReceipt(slot: number, receivedUs: number): void {
    if (this.#slow?.has(slot)) {
      this.#slow.receivedInWindow++;
      return;
    }
    this.#perSecond[Math.floor((receivedUs - this.spec.startUs) / 1e6)] += 1;
  }

  /**
   * Records one delivery.
   * @param isLate its sequence number is below the highest that the slot has seen
   * @param isSuperseded a newer state became visible with it (polling)
   * @returns false where it was a duplicate or could not be classified
   */
  record(
    slot: number,
    stream: number,
    seq: number,
    index: number,
    times: Times,
    isLate: boolean,
    isSuperseded: boolean,
  ): boolean {
    const mark = this.#ledger.mark(slot, stream, seq);
    if (mark === DUPLICATE) this.#duplicated++;
    else if (mark === UNCLASSIFIED) this.#unclassified++;
    if (mark !== 0) return false;
    this.received++;
    if (isLate) this.#reordered++;
    if (isSuperseded) this.#superseded++;
    if (this.#slow?.has(slot)) {
      this.#slow.record(times.receivedUs - times.intendedUs);
      return true;
    }
    if (times.sentUs !== null) recordUs(this.#service, times.receivedUs - times.sentUs);
    this.#recordLatency(slot, index, times.receivedUs - times.intendedUs, times.intendedUs);
    return true;
  }

  #recordLatency(slot: number, index: number, deliveryUs: number, intendedUs: number): void {
    recordUs(this.#delivery, deliveryUs);
    if (this.#neighbourSlots[slot] === 1) recordUs(this.#neighbours, deliveryUs);
    const share = (intendedUs - this.spec.startUs) / this.spec.durationUs;
    const row = Math.min(this.#rows - 1, Math.max(0, Math.floor(share * this.#rows)));
    this.#slices[row * BINS + binOf(deliveryUs)]++;
    if (this.#first === null || this.#last === null) return;
    const number = index - this.spec.firstIndex;
    if (deliveryUs < this.#first[number]) this.#first[number] = deliveryUs;
    if (deliveryUs > this.#last[number]) this.#last[number] = deliveryUs;
  }

  expected(expectedSlots: Uint8Array, untilIndex: number | null = null): number {
    const { streamOfSlot } = this.#layout;
    let expected = 0;
    for (let slot = 0; slot < this.#layout.slots; slot++) {
      if (expectedSlots[slot] === 1) expected += this.#ledger.messagesOf(streamOfSlot[slot], untilIndex);
    }
    return expected;
  }

  report({ expectedSlots, firstSlot, untilIndex }: CollectRequest): WorkerPhaseReport {
    const slow = this.#slow?.split(expectedSlots) ?? null;
    const own = this.#lossesOf(
      slow?.others ?? expectedSlots,
      this.received - (this.#slow?.received ?? 0),
      untilIndex,
    );
    return {
      phase: this.spec.id,
      expected: own.expected,
      received: own.received,
      lost: own.lost,
      duplicated: this.#duplicated,
      reordered: this.#reordered,
      superseded: this.#superseded,
      unclassified: this.#unclassified,
      exact: this.#ledger.exact,
      receivedInWindow: this.#perSecond.reduce((sum, n) => sum + n, 0),
      perSecond: [...this.#perSecond],
      delivery: encodeHistogram(this.#delivery),
      service: encodeHistogram(this.#service),
      neighbours: encodeHistogram(this.#neighbours),
      slices: packArray(this.#slices),
      sliceRows: this.#rows,
      firstReceipts: this.#first === null ? null : packArray(this.#first),
      lastReceipts: this.#last === null ? null : packArray(this.#last),
      slow: slow === null ? null : this.#slowReport(slow.slow, untilIndex),
      worstSlots: worst(own.losses.bySlot).map(([slot, count]) => ({ slot: firstSlot + slot, lost: count })),
      worstMessages: worst(own.losses.byMessage).map(([key, count]) => {
        const [stream, seq] = key.split(':').map(Number);
        return { stream, seq, lost: count };
      }),
    };
  }

  /** What a part of the slots was to receive, and did not. */
  #lossesOf(slots: Uint8Array, received: number, untilIndex: number | null) {
    const expected = this.expected(slots, untilIndex);
    // Where something was received that was not expected, the difference would hide as many losses.
    const isPartial = untilIndex !== null || slots.includes(0);
    const losses: Losses =
      isPartial || expected > received
        ? this.#ledger.losses(slots, untilIndex)
        : { bySlot: new Map(), byMessage: new Map() };
    const lost = this.#ledger.exact ? total(losses.bySlot) : expected - received;
    return { expected, received, lost: Math.max(0, lost), losses };
  }

  #slowReport(slots: Uint8Array, untilIndex: number | null): SlowPhaseReport | null {
    if (this.#slow === null) return null;
    const { expected, lost } = this.#lossesOf(slots, this.#slow.received, untilIndex);
    return this.#slow.report(
      slots.reduce((sum, isSlow) => sum + isSlow, 0),
      expected,
      lost,
    );
  }

  destroy(): void {
    this.#slow?.destroy();
    this.#delivery.destroy();
    this.#service.destroy();
    this.#neighbours.destroy();
  }
}

function total(counts: Map<unknown, number>): number {
  return counts.values().reduce((sum, count) => sum + count, 0);
}

function worst<K>(counts: Map<K, number>): [K, number][] {
  return [...counts].sort((a, b) => b[1] - a[1]).slice(0, WORST);
}
