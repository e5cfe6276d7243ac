import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { ENVELOPE_BYTES, writeEnvelope } from '../../contract/envelope.ts';
import type { PhaseSpec } from '../../contract/schedule.ts';
import { latencyStats } from '../../reports/statistics/latencyStats.ts';
import { FleetRecorder } from './fleetRecorder.ts';
import { initHistograms, mergeHistograms } from './histograms.ts';
import { SlotLayout } from './slotLayout.ts';

before(initHistograms);

const RUN = 77;
const START_US = 5_000_000;
const GAP_US = 100_000;

/** One stream, a message each 100 ms: ten in the warm-up, then ten in the window. */
function phase(id: number, name: PhaseSpec['name'], firstIndex: number): PhaseSpec {
  return {
    id,
    name,
    firstIndex,
    count: 10,
    startUs: START_US + firstIndex * GAP_US,
    durationUs: 1_000_000,
    ratePerSecond: 10,
    shape: [{ durationMs: 1_000, ratePerSecond: 10 }],
    arrivals: 'uniform',
    seed: 1,
    streams: 1,
  };
}

function poller(): FleetRecorder {
  const fleet = new FleetRecorder(RUN, new SlotLayout(Int32Array.of(0), 1), Uint8Array.of(0));
  fleet.add(phase(0, 'warmup', 0));
  fleet.add(phase(1, 'measure', 10));
  return fleet;
}

const intendedUs = (seq: number) => START_US + seq * GAP_US;

function show(fleet: FleetRecorder, seq: number, receivedUs: number): void {
  const bytes = Buffer.alloc(ENVELOPE_BYTES);
  const times = { intendedUs: intendedUs(seq), sentUs: intendedUs(seq) + 50 };
  writeEnvelope(bytes, 0, { run: RUN, publisher: 0, stream: 0, seq, index: seq, ...times });
  fleet.state(0, bytes, 0, bytes.length, receivedUs);
}

const collect = (fleet: FleetRecorder, id: number) =>
  fleet.collect({ phase: id, untilIndex: null, expectedSlots: Uint8Array.of(1), firstSlot: 0 });

function latenciesMs(encoded: string): { count: number; min: number | null; max: number | null } {
  const histogram = mergeHistograms([encoded]);
  const { count, min, max } = latencyStats(histogram, { messages: histogram.totalCount });
  histogram.destroy();
  const ms = (us: number | null) => (us === null ? null : Math.round(us / 1_000));
  return { count, min: ms(min), max: ms(max) };
}

describe('a poll that shows the newest state', () => {
  test('makes all before it visible, each with a latency of its own', () => {
    const fleet = poller();
    show(fleet, 3, intendedUs(3) + 20_000);
    const warmup = collect(fleet, 0);
    assert.equal(warmup.received, 4);
    assert.equal(warmup.superseded, 3);
    // Message 0 was due 300 ms before message 3, which waited 20 ms for the poll.
    assert.deepEqual(latenciesMs(warmup.delivery), { count: 4, min: 20, max: 320 });
    assert.equal(latenciesMs(warmup.service).count, 1, 'when the overtaken ones were sent, nobody saw');
  });

  test('books what it shows to the phases of the messages', () => {
    const fleet = poller();
    show(fleet, 8, intendedUs(8));
    show(fleet, 12, intendedUs(12));
    const warmup = collect(fleet, 0);
    const measure = collect(fleet, 1);
    assert.deepEqual([warmup.received, warmup.superseded, warmup.lost], [10, 9, 0]);
    assert.deepEqual([measure.received, measure.superseded, measure.lost], [3, 2, 7]);
  });

  test('shown again is nothing new; an older one is out of order', () => {
    const fleet = poller();
    show(fleet, 12, intendedUs(12));
    show(fleet, 12, intendedUs(13));
    show(fleet, 11, intendedUs(14));
    const measure = collect(fleet, 1);
    assert.deepEqual([measure.received, measure.duplicated, measure.reordered], [3, 0, 1]);
  });

  test('leaves alone what was before the first phase that is kept', () => {
    const fleet = poller();
    collect(fleet, 0);
    show(fleet, 19, intendedUs(19));
    assert.equal(collect(fleet, 1).received, 10);
    assert.equal(fleet.foreign, 0);
  });

  test('of another run is foreign', () => {
    const fleet = poller();
    const bytes = Buffer.alloc(ENVELOPE_BYTES);
    const rest = { publisher: 0, stream: 0, seq: 1, index: 1, intendedUs: 1, sentUs: 1 };
    writeEnvelope(bytes, 0, { run: RUN + 1, ...rest });
    fleet.state(0, bytes, 0, bytes.length, 2);
    assert.equal(fleet.foreign, 1);
  });
});
