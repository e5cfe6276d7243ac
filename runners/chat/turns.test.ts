import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type PhaseSpec, seqOf, streamOf } from '../../contract/schedule.ts';
import { ConnectOrder } from '../connectOrder.ts';
import { messagesFrom } from './messagesFrom.ts';
import { OwnTurns } from './ownTurns.ts';
import { isTyping, Turns } from './turns.ts';

const SLOTS = 23;
const STREAMS = 5;
const SEED = 7;
const order = new ConnectOrder({ slots: SLOTS, streams: STREAMS, endpoints: 1, seed: SEED });
const spec: PhaseSpec = {
  id: 3,
  name: 'measure',
  firstIndex: 40,
  count: 300,
  startUs: 1_000_000,
  durationUs: 3_000_000,
  ratePerSecond: 100,
  shape: [{ durationMs: 3_000, ratePerSecond: 100 }],
  arrivals: 'poisson',
  seed: 5,
  streams: STREAMS,
};

/** Room of each slot of the fleet. */
function roomOf(slot: number): number {
  const [position] = order.positionsOf(slot, 1);
  return order.streamAt(position);
}

test('gives each message to a member of its room, in turn', () => {
  const turns = new Turns(order, SEED, null);
  for (let stream = 0; stream < STREAMS; stream++) {
    const members = Array.from({ length: SLOTS }, (_, slot) => slot).filter(
      (slot) => roomOf(slot) === stream,
    );
    const round = members.map((_, seq) => turns.speakerOf(stream, seq, 0));
    assert.deepEqual(
      round.toSorted((a, b) => a - b),
      members,
    );
    assert.equal(turns.speakerOf(stream, members.length, 0), round[0]);
  }
});

test('gives every message to one worker, whatever the number of workers', () => {
  const turns = new Turns(order, SEED, { share: 0.5, atUs: 2_500_000 });
  const whole = new OwnTurns(spec, turns, { firstSlot: 0, slots: SLOTS });
  const parts = [
    new OwnTurns(spec, turns, { firstSlot: 0, slots: 9 }),
    new OwnTurns(spec, turns, { firstSlot: 9, slots: 14 }),
  ];
  const indices = (own: OwnTurns): number[] => {
    const found = [];
    for (let turn = own.take(); turn !== null; turn = own.take()) {
      assert.equal(turn.stream, streamOf(turn.index, STREAMS));
      assert.equal(turn.seq, seqOf(turn.index, STREAMS));
      found.push(turn.index);
    }
    return found;
  };
  const all = Array.from({ length: spec.count }, (_, i) => spec.firstIndex + i);
  assert.deepEqual(indices(whole), all);
  assert.deepEqual(
    parts.flatMap(indices).toSorted((a, b) => a - b),
    all,
  );
});

test('passes over those who have ended their half, from that moment on and not before', () => {
  const atUs = 2_500_000;
  const turns = new Turns(order, SEED, { share: 0.6, atUs });
  const silent = new Set(
    Array.from({ length: SLOTS }, (_, position) => position)
      .filter((position) => turns.endsHalf(position))
      .map((position) => order.slotAt(position)),
  );
  assert.ok(silent.size > 0);
  const speakers = (whenUs: number): Set<number> =>
    new Set(
      Array.from({ length: 100 }, (_, index) =>
        turns.speakerOf(streamOf(index, STREAMS), seqOf(index, STREAMS), whenUs),
      ),
    );
  assert.equal(speakers(atUs - 1).intersection(silent).size, silent.size);
  assert.equal(speakers(atUs).intersection(silent).size, 0);
  assert.equal(speakers(atUs).size, SLOTS - silent.size);
});

test('leaves somebody to speak in every room, even where all are to fall silent', () => {
  const turns = new Turns(order, SEED, { share: 1, atUs: 0 });
  const firsts = Array.from({ length: STREAMS }, (_, stream) => order.slotAt(stream));
  const speakers = firsts.map((_, stream) => turns.speakerOf(stream, 17, 1));
  assert.deepEqual(speakers, firsts);
});

test('draws typing notices by the share, the same in every process', () => {
  const draws = Array.from({ length: 20_000 }, (_, index) => isTyping(SEED, index, 0.3));
  const share = draws.filter(Boolean).length / draws.length;
  assert.ok(Math.abs(share - 0.3) < 0.02, String(share));
  assert.deepEqual(
    draws,
    Array.from({ length: 20_000 }, (_, index) => isTyping(SEED, index, 0.3)),
  );
  assert.equal(isTyping(SEED, 1, 0), false);
  assert.equal(isTyping(SEED, 1, 1), true);
});

test('counts the messages of each room that are due from a moment on', () => {
  const all = messagesFrom(spec, 0);
  assert.equal(
    [...all.values()].reduce((sum, count) => sum + count),
    spec.count,
  );
  const late = messagesFrom(spec, 2_500_000);
  const own = new OwnTurns(spec, new Turns(order, SEED, null), { firstSlot: 0, slots: SLOTS });
  const expected = new Map<number, number>();
  for (let turn = own.take(); turn !== null; turn = own.take()) {
    if (turn.intendedUs >= 2_500_000) expected.set(turn.stream, (expected.get(turn.stream) ?? 0) + 1);
  }
  assert.deepEqual(late, expected);
});
