import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { ENVELOPE_BYTES, type Envelope, writeEnvelope } from '../../contract/envelope.ts';
import { type PhaseSpec, seqOf, streamOf } from '../../contract/schedule.ts';
import { BINS, binOf } from '../../reports/statistics/bins.ts';
import { unpackInt32, unpackUint32 } from './binary.ts';
import { FleetRecorder } from './fleetRecorder.ts';
import { initHistograms, mergeHistograms } from './histograms.ts';
import { SlotLayout } from './slotLayout.ts';

before(initHistograms);

const RUN = 4_711;
const STREAMS = 2;
/** Two phases of 20 messages each, 100 ms apart: 2 s each, the second right behind the first. */
const WARMUP = phaseOf(0, 'warmup', 0, 10_000_000);
const MEASURE = phaseOf(1, 'measure', 20, 12_000_000);

function phaseOf(id: number, name: PhaseSpec['name'], firstIndex: number, startUs: number): PhaseSpec {
  const shape = [{ durationMs: 2_000, ratePerSecond: 10 }];
  const rest = { durationUs: 2_000_000, ratePerSecond: 10, shape, arrivals: 'uniform', seed: 1 } as const;
  return { id, name, firstIndex, count: 20, startUs, streams: STREAMS, ...rest };
}

/** Slots 0 to 3 listen to streams 0, 1, 0, 1. */
function recorder(slowSlots = new Uint8Array(4)): FleetRecorder {
  const layout = new SlotLayout(Int32Array.of(0, 1, 0, 1), STREAMS);
  const fleet = new FleetRecorder(RUN, layout, Uint8Array.of(0, 0, 1, 0), slowSlots);
  fleet.add(WARMUP);
  fleet.add(MEASURE);
  return fleet;
}

const intendedUs = (index: number) => 10_000_000 + index * 100_000;

function deliver(
  fleet: FleetRecorder,
  slot: number,
  index: number,
  afterUs = 1_000,
  over: Partial<Envelope> = {},
): void {
  const bytes = Buffer.alloc(ENVELOPE_BYTES);
  const sentUs = intendedUs(index) + 100;
  writeEnvelope(bytes, 0, {
    run: RUN,
    publisher: 0,
    stream: streamOf(index, STREAMS),
    seq: seqOf(index, STREAMS),
    index,
    intendedUs: intendedUs(index),
    sentUs,
    ...over,
  });
  fleet.message(slot, bytes, 0, bytes.length, intendedUs(index) + afterUs);
}

function deliverAll(fleet: FleetRecorder, spec: PhaseSpec, except: (slot: number, index: number) => boolean) {
  for (let index = spec.firstIndex; index < spec.firstIndex + spec.count; index++) {
    for (const slot of [0, 1, 2, 3])
      if (slot % STREAMS === index % STREAMS && !except(slot, index)) deliver(fleet, slot, index);
  }
}

const ALL = Uint8Array.of(1, 1, 1, 1);
const collect = (fleet: FleetRecorder, phase: number, over = {}) =>
  fleet.collect({ phase, untilIndex: null, expectedSlots: ALL, firstSlot: 100, ...over });

describe('ledger', () => {
  test('nothing lost, doubled or out of order in a clean run', () => {
    const fleet = recorder();
    deliverAll(fleet, WARMUP, () => false);
    deliverAll(fleet, MEASURE, () => false);
    assert.deepEqual(fleet.progress(ALL), [
      { phase: 0, received: 40, missing: 0 },
      { phase: 1, received: 40, missing: 0 },
    ]);
    for (const phase of [0, 1]) {
      const report = collect(fleet, phase);
      const { expected, received, lost, duplicated, reordered, unclassified, exact } = report;
      assert.deepEqual(
        { expected, received, lost, duplicated, reordered, unclassified, exact },
        { expected: 40, received: 40, lost: 0, duplicated: 0, reordered: 0, unclassified: 0, exact: true },
      );
      assert.deepEqual(report.worstSlots, []);
    }
    assert.equal(fleet.foreign, 0);
  });

  test('counts exactly what was dropped, doubled and reordered, and says who lost what', () => {
    const fleet = recorder();
    const dropped = new Set(['0:20', '2:20', '1:25', '2:30']);
    const late = new Set(['3:21', '0:38']);
    deliverAll(
      fleet,
      MEASURE,
      (slot, index) => dropped.has(`${slot}:${index}`) || late.has(`${slot}:${index}`),
    );
    deliver(fleet, 3, 21);
    // The last of its stream: it is late only where a higher one came before.
    deliver(fleet, 0, 38);
    deliver(fleet, 1, 27);
    deliver(fleet, 1, 27);
    deliver(fleet, 2, 22);
    const report = collect(fleet, 1);
    assert.equal(report.lost, 4);
    assert.equal(report.duplicated, 3);
    assert.equal(report.reordered, 1);
    assert.deepEqual(report.worstSlots, [
      { slot: 102, lost: 2 },
      { slot: 100, lost: 1 },
      { slot: 101, lost: 1 },
    ]);
    assert.deepEqual(report.worstMessages[0], { stream: 0, seq: 10, lost: 2 });
  });

  test('a doubled message that comes late is a duplicate, not reordered', () => {
    const fleet = recorder();
    deliver(fleet, 0, 20);
    deliver(fleet, 0, 22);
    deliver(fleet, 0, 20);
    const report = collect(fleet, 1);
    assert.deepEqual([report.received, report.duplicated, report.reordered], [2, 1, 0]);
  });

  test('a slot that was not expected makes up for no loss of another', () => {
    const fleet = recorder();
    // Slot 2 receives everything of stream 0, slot 0 nothing; only slot 0 was live at the end of the ramp.
    deliverAll(fleet, MEASURE, (slot) => slot !== 2);
    const report = collect(fleet, 1, { expectedSlots: Uint8Array.of(1, 0, 0, 0) });
    assert.deepEqual([report.expected, report.lost], [10, 10]);
    assert.deepEqual(report.worstSlots, [{ slot: 100, lost: 10 }]);
  });

  test('slots that read slowly are accounted for apart, and nothing of theirs is in the figures of the others', () => {
    const fleet = recorder(Uint8Array.of(0, 1, 0, 0));
    const isDropped = (slot: number, index: number) =>
      (slot === 1 && index < 27) || (slot === 2 && index === 20);
    deliverAll(fleet, MEASURE, isDropped);
    assert.deepEqual(fleet.progress(ALL)[1], { phase: 1, received: 36, missing: 4 });
    const report = collect(fleet, 1);
    assert.deepEqual([report.expected, report.received, report.lost], [30, 29, 1]);
    assert.deepEqual(report.worstSlots, [{ slot: 102, lost: 1 }]);
    assert.equal(mergeHistograms([report.delivery]).totalCount, 29);
    assert.equal(report.receivedInWindow, 29);
    assert.ok(report.slow);
    const { delivery, ...slow } = report.slow;
    assert.deepEqual(slow, { slots: 1, expected: 10, received: 7, receivedInWindow: 7, lost: 3 });
    assert.equal(mergeHistograms([delivery]).totalCount, 7);
  });

  test('a slow slot that was never established is not expected to receive', () => {
    const fleet = recorder(Uint8Array.of(0, 1, 0, 0));
    const report = collect(fleet, 1, { expectedSlots: Uint8Array.of(1, 0, 1, 1) });
    assert.deepEqual([report.expected, report.slow?.slots, report.slow?.expected], [30, 0, 0]);
  });

  test('what was not sent any more is not expected', () => {
    const fleet = recorder();
    deliverAll(fleet, MEASURE, (_slot, index) => index >= 30 || index === 24);
    const report = collect(fleet, 1, { untilIndex: 30 });
    assert.deepEqual([report.expected, report.received, report.lost], [20, 18, 2]);
  });
});

describe('booking', () => {
  test('a message belongs to the phase of its index, whenever it arrives', () => {
    const fleet = recorder();
    deliver(fleet, 0, 18, 1_500_000);
    deliver(fleet, 0, 20, 1_000);
    const [warmup, measure] = [collect(fleet, 0), collect(fleet, 1)];
    assert.deepEqual([warmup.received, measure.received], [1, 1]);
    // Throughput goes by the time of receipt: both came in the second window.
    assert.deepEqual([warmup.receivedInWindow, measure.receivedInWindow], [0, 2]);
    assert.deepEqual(measure.perSecond, [1, 1]);
  });

  test('a receipt after the last window counts as delivered, not as throughput', () => {
    const fleet = recorder();
    deliver(fleet, 1, 39, 30_000_000);
    const report = collect(fleet, 1);
    assert.deepEqual([report.received, report.receivedInWindow], [1, 0]);
  });

  test('another run, another stream, no phase and no token are foreign', () => {
    const fleet = recorder();
    deliver(fleet, 0, 20, 0, { run: RUN + 1 });
    deliver(fleet, 0, 21);
    deliver(fleet, 0, 40);
    fleet.message(0, Buffer.from('hello'), 0, 5, 11_000_000);
    assert.equal(fleet.foreign, 4);
    assert.equal(collect(fleet, 1).received, 0);
  });

  test('a phase is collected once', () => {
    const fleet = recorder();
    collect(fleet, 0);
    assert.throws(() => collect(fleet, 0), RangeError);
    assert.throws(() => collect(fleet, 9), RangeError);
    deliver(fleet, 0, 20);
    assert.equal(collect(fleet, 1).received, 1);
  });
});

describe('latency', () => {
  test('from the intended time, from the send time, of neighbours, and by slice of the intended time', () => {
    const fleet = recorder();
    deliver(fleet, 0, 20, 4_000);
    deliver(fleet, 2, 20, 6_000);
    deliver(fleet, 1, 39, 9_000);
    const report = collect(fleet, 1);
    const maxOf = (encoded: string) => {
      const histogram = mergeHistograms([encoded]);
      const figures = [histogram.totalCount, histogram.maxValue];
      histogram.destroy();
      return figures;
    };
    const near = ([count, max]: number[], expected: readonly [number, number]) => {
      assert.equal(count, expected[0]);
      assert.ok(Math.abs(max - expected[1]) <= expected[1] / 500, `${max} for ${expected[1]}`);
    };
    near(maxOf(report.delivery), [3, 9_000]);
    near(maxOf(report.service), [3, 8_900]);
    near(maxOf(report.neighbours), [1, 6_000]);
    const slices = unpackUint32(report.slices);
    assert.equal(report.sliceRows, 20);
    assert.equal(slices[0 * BINS + binOf(4_000)], 1);
    assert.equal(slices[0 * BINS + binOf(6_000)], 1);
    assert.equal(slices[19 * BINS + binOf(9_000)], 1);
  });

  test('keeps the first and the last receipt of each message', () => {
    const fleet = recorder();
    deliver(fleet, 2, 20, 6_000);
    deliver(fleet, 0, 20, 4_000);
    const report = collect(fleet, 1);
    assert.equal(unpackInt32(report.firstReceipts ?? '')[0], 4_000);
    assert.equal(unpackInt32(report.lastReceipts ?? '')[0], 6_000);
    assert.ok(unpackInt32(report.firstReceipts ?? '')[1] > unpackInt32(report.lastReceipts ?? '')[1]);
  });
});
