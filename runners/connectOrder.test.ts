import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ConnectOrder } from './connectOrder.ts';

const OPTIONS = { slots: 1_000, streams: 7, endpoints: 3, seed: 5 };
const positions = Array.from({ length: OPTIONS.slots }, (_, position) => position);
const slotsOf = (order: ConnectOrder) => positions.map((position) => order.slotAt(position));
const endpointsOf = (order: ConnectOrder) => positions.map((position) => order.endpointAt(position));
const countsOf = (values: readonly number[]) =>
  Map.groupBy(values, (value) => value)
    .values()
    .map(({ length }) => length)
    .toArray();

test('the order names every slot once, and not in turn', () => {
  const slots = slotsOf(new ConnectOrder(OPTIONS));
  assert.notDeepEqual(slots, positions);
  assert.deepEqual(
    slots.toSorted((a, b) => a - b),
    positions,
  );
});

test('two processes compute the same order, another seed another one', () => {
  const [one, two] = [new ConnectOrder(OPTIONS), new ConnectOrder(OPTIONS)];
  assert.deepEqual(slotsOf(one), slotsOf(two));
  assert.deepEqual(endpointsOf(one), endpointsOf(two));
  assert.notDeepEqual(slotsOf(one), slotsOf(new ConnectOrder({ ...OPTIONS, seed: 6 })));
});

test('endpoints and rooms have equally many connections, to one', () => {
  const order = new ConnectOrder(OPTIONS);
  const streams = countsOf(positions.map((position) => order.streamAt(position)));
  for (const counts of [countsOf(endpointsOf(order)), streams]) {
    assert.ok(Math.max(...counts) - Math.min(...counts) <= 1, `${counts}`);
  }
  assert.equal(streams.length, OPTIONS.streams);
});

test('a room is spread over the endpoints even where their numbers have a common divisor', () => {
  const order = new ConnectOrder({ ...OPTIONS, streams: 10, endpoints: 5 });
  const room = positions.filter((position) => order.streamAt(position) === 0);
  assert.equal(countsOf(room.map((position) => order.endpointAt(position))).length, 5);
});

test('the positions of all workers together are the order', () => {
  const order = new ConnectOrder(OPTIONS);
  const seen = new Set<number>();
  for (const [firstSlot, slots] of [
    [0, 400],
    [400, 599],
    [999, 1],
  ]) {
    order.positionsOf(firstSlot, slots).forEach((position, local) => {
      assert.equal(order.slotAt(position), firstSlot + local);
      seen.add(position);
    });
  }
  assert.equal(seen.size, OPTIONS.slots);
});

test('beside a probe are the two places before and after it, and no probe itself', () => {
  const order = new ConnectOrder(OPTIONS);
  const firstProbeSlot = 950;
  const isProbe = (position: number) =>
    position >= 0 && position < OPTIONS.slots && order.slotAt(position) >= firstProbeSlot;
  const expected = positions.map((position) =>
    Number(!isProbe(position) && [-2, -1, 1, 2].some((distance) => isProbe(position + distance))),
  );
  assert.deepEqual([...order.besideProbes(firstProbeSlot)], expected);
  assert.equal(order.besideProbes(OPTIONS.slots).includes(1), false);
});
