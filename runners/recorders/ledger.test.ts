import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { seededRandom } from '../../contract/random.ts';
import type { PhaseSpec } from '../../contract/schedule.ts';
import { createLedger, DUPLICATE, LEDGER_BYTES_LIMIT, NEW, UNCLASSIFIED } from './ledger.ts';
import { SlotLayout } from './slotLayout.ts';

function phaseOf(over: Partial<PhaseSpec>): PhaseSpec {
  return {
    id: 0,
    name: 'measure',
    firstIndex: 0,
    count: 10,
    startUs: 0,
    durationUs: 1e6,
    ratePerSecond: 10,
    shape: [{ durationMs: 1_000, ratePerSecond: 10 }],
    arrivals: 'uniform',
    seed: 1,
    streams: 1,
    ...over,
  };
}

const layoutOf = (streamOfSlot: readonly number[], streams: number) =>
  new SlotLayout(Int32Array.from(streamOfSlot), streams);

test('a layout finds the slot at each place of a stream', () => {
  const layout = layoutOf([2, 0, 2, 1, 0, 2], 4);
  assert.deepEqual([...layout.slotsOfStream], [2, 1, 3, 0]);
  assert.deepEqual([...layout.placeInStream], [0, 0, 1, 0, 1, 2]);
  const slots = [0, 1, 2].flatMap((stream) =>
    Array.from({ length: layout.slotsOfStream[stream] }, (_, place) => layout.slotAt(stream, place)),
  );
  assert.deepEqual(slots, [1, 4, 3, 0, 2, 5]);
});

describe('full ledger', () => {
  test('each delivery is new once and a duplicate ever after', () => {
    const layout = layoutOf([0, 1, 0, 1, 1], 2);
    const ledger = createLedger(phaseOf({ count: 7, streams: 2 }), layout);
    for (const expected of [NEW, DUPLICATE, DUPLICATE]) {
      for (let slot = 0; slot < 5; slot++) {
        const stream = layout.streamOfSlot[slot];
        for (let seq = 0; seq < (stream === 0 ? 4 : 3); seq++)
          assert.equal(ledger.mark(slot, stream, seq), expected);
      }
    }
    assert.equal(ledger.losses(new Uint8Array(5).fill(1), null).bySlot.size, 0);
    assert.equal(ledger.exact, true);
  });

  test('a sequence number of another phase is not classified', () => {
    // Indices 10 to 15 of two streams: sequence numbers 5, 6, 7 of each.
    const ledger = createLedger(phaseOf({ firstIndex: 10, count: 6, streams: 2 }), layoutOf([0, 1], 2));
    assert.equal(ledger.mark(0, 0, 4), UNCLASSIFIED);
    assert.equal(ledger.mark(0, 0, 8), UNCLASSIFIED);
    assert.deepEqual(
      [5, 6, 7].map((seq) => ledger.mark(0, 0, seq)),
      [NEW, NEW, NEW],
    );
    assert.equal(ledger.messagesOf(0, null), 3);
  });

  test('knows which slot lost which message, among those expected to receive', () => {
    const layout = layoutOf([0, 0, 0, 1], 2);
    const ledger = createLedger(phaseOf({ firstIndex: 4, count: 6, streams: 2 }), layout);
    const lost = new Set(['0:0:3', '1:0:3', '1:0:4', '2:0:2', '3:1:2']);
    for (let slot = 0; slot < 4; slot++) {
      const stream = layout.streamOfSlot[slot];
      for (let seq = 2; seq < 5; seq++)
        if (!lost.has(`${slot}:${stream}:${seq}`)) ledger.mark(slot, stream, seq);
    }
    // Slot 2 was never established.
    const losses = ledger.losses(Uint8Array.of(1, 1, 0, 1), null);
    assert.deepEqual(Object.fromEntries(losses.bySlot), { 0: 1, 1: 2, 3: 1 });
    assert.deepEqual(Object.fromEntries(losses.byMessage), { '0:3': 2, '0:4': 1, '1:2': 1 });
  });

  test('what was never sent is neither expected nor lost', () => {
    const ledger = createLedger(phaseOf({ firstIndex: 10, count: 10, streams: 3 }), layoutOf([0, 1, 2], 3));
    // Of indices 10 to 14: 12 is stream 0, 10 and 13 are stream 1, 11 and 14 are stream 2.
    assert.deepEqual(
      [0, 1, 2].map((stream) => ledger.messagesOf(stream, 15)),
      [1, 2, 2],
    );
    assert.equal(ledger.messagesOf(0, 5), 0);
    assert.equal(ledger.messagesOf(1, 1_000), ledger.messagesOf(1, null));
    const losses = ledger.losses(Uint8Array.of(1, 1, 1), 15);
    assert.deepEqual(Object.fromEntries(losses.bySlot), { 0: 1, 1: 2, 2: 2 });
  });

  test('agrees with a set of names on any sequence of receipts', () => {
    const streams = 7;
    const layout = layoutOf(
      Array.from({ length: 61 }, (_, slot) => (slot * 5) % streams),
      streams,
    );
    const ledger = createLedger(phaseOf({ firstIndex: 100, count: 500, streams }), layout);
    const random = seededRandom(3);
    const seen = new Set<string>();
    for (let i = 0; i < 20_000; i++) {
      const slot = Math.floor(random() * 61);
      const index = 100 + Math.floor(random() * 500);
      const stream = layout.streamOfSlot[slot];
      const seq = Math.floor(index / streams);
      const isInPhase = seq * streams + stream >= 100 && seq * streams + stream < 600;
      const name = `${slot}:${seq}`;
      const expected = !isInPhase ? UNCLASSIFIED : seen.has(name) ? DUPLICATE : NEW;
      assert.equal(ledger.mark(slot, stream, seq), expected);
      if (isInPhase) seen.add(name);
    }
    const expected = layout.streamOfSlot.reduce((sum, stream) => sum + ledger.messagesOf(stream, null), 0);
    const { bySlot } = ledger.losses(new Uint8Array(61).fill(1), null);
    assert.equal(
      [...bySlot.values()].reduce((a, b) => a + b, 0),
      expected - seen.size,
    );
  });
});

describe('window where the full ledger would not fit', () => {
  const layout = layoutOf([0, 0], 1);
  const windowOf = (count: number) => createLedger(phaseOf({ count }), layout, 1);

  test('is taken above the limit only, and says that it is not exact', () => {
    const phase = phaseOf({ count: 4_000 });
    assert.equal(createLedger(phase, layout, 1_000).exact, true);
    assert.equal(createLedger(phase, layout, 999).exact, false);
    assert.equal(createLedger(phase, layout, LEDGER_BYTES_LIMIT).exact, true);
  });

  test('tells new from duplicate within the last 1,024, and nothing before', () => {
    const ledger = windowOf(10_000);
    assert.equal(ledger.mark(0, 0, 0), NEW);
    assert.equal(ledger.mark(0, 0, 1_023), NEW);
    assert.equal(ledger.mark(0, 0, 0), DUPLICATE);
    assert.equal(ledger.mark(0, 0, 1), NEW);
    assert.equal(ledger.mark(0, 0, 1_024), NEW);
    assert.equal(ledger.mark(0, 0, 0), UNCLASSIFIED);
    assert.equal(ledger.mark(0, 0, 1), DUPLICATE);
    assert.equal(ledger.mark(1, 0, 0), NEW);
  });

  test('a leap forgets all that it leaps over', () => {
    const ledger = windowOf(10_000);
    for (let seq = 0; seq < 1_024; seq++) ledger.mark(0, 0, seq);
    assert.equal(ledger.mark(0, 0, 9_999), NEW);
    assert.equal(ledger.mark(0, 0, 8_975), UNCLASSIFIED);
    for (let seq = 8_976; seq < 9_999; seq++) assert.equal(ledger.mark(0, 0, seq), NEW, `${seq}`);
    assert.equal(ledger.mark(0, 0, 9_999), DUPLICATE);
    assert.equal(ledger.mark(0, 0, 10_000), UNCLASSIFIED);
  });
});
