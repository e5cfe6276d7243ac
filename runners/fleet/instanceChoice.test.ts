import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { BalancePolicy, Instance } from '../../contract/discovery.ts';
import { StaticDirectory } from '../discovery/directory.ts';
import { InstanceChoice } from './instanceChoice.ts';

const SLOTS = 12;

const instance = (nodeId: string, weight = 1, addresses = 1): Instance => ({
  nodeId,
  weight,
  endpoints: Array.from({ length: addresses }, (_, i) => ({ host: nodeId, port: i + 1 })),
});

function choiceOf(balance: BalancePolicy, instances: readonly Instance[], streamsPerConnection = 1) {
  const directory = new StaticDirectory(instances);
  const time = { us: 0 };
  const rules = { balance, slots: SLOTS, streamsPerConnection, from: 0 };
  const choice = new InstanceChoice(directory, rules, () => time.us);
  const hosts = () => Array.from({ length: SLOTS }, (_, slot) => choice.endpointOf(slot).host).join(' ');
  return { directory, time, choice, hosts };
}

for (const [balance, instances, expected] of [
  ['pick_first', [instance('a'), instance('b')], 'a a a a a a a a a a a a'],
  ['round_robin', [instance('a', 5), instance('b'), instance('c')], 'a b c a b c a b c a b c'],
  ['weighted_round_robin', [instance('a', 2), instance('b', 1)], 'a b a a b a a b a a b a'],
] as const) {
  test(`${balance} gives slots their instances, and they keep them`, () => {
    const { hosts } = choiceOf(balance, instances);
    assert.equal(hosts(), expected);
    assert.equal(hosts(), expected);
  });
}

test('slots that share a connection are at one address', () => {
  const { hosts } = choiceOf('round_robin', [instance('a'), instance('b')], 4);
  assert.equal(hosts(), 'a a a a b b b b a a a a');
});

test('the addresses of an instance are taken in turn', () => {
  const { choice } = choiceOf('pick_first', [instance('a', 1, 3)]);
  assert.deepEqual(
    [0, 1, 2, 3].map((slot) => choice.endpointOf(slot).port),
    [1, 2, 3, 1],
  );
});

test('who leaves an instance goes to another one, before the list says so', () => {
  const { choice, time } = choiceOf('round_robin', [instance('a'), instance('b')]);
  assert.equal(choice.endpointOf(0).host, 'a');
  assert.equal(choice.leave(0), true);
  assert.equal(choice.endpointOf(0).host, 'b');
  assert.equal(choice.endpointOf(1).host, 'b');
  time.us += 2_000_000;
  assert.equal(choice.endpointOf(2).host, 'a');
  assert.equal(choice.endpointOf(0).host, 'b');
});

test('where all are left, one of them is tried all the same', () => {
  const { choice } = choiceOf('round_robin', [instance('a')]);
  choice.endpointOf(0);
  assert.equal(choice.leave(0), false);
  assert.equal(choice.endpointOf(0).host, 'a');
});

test('an instance that is not listed any more is not gone to again; an empty list changes nothing', () => {
  const { choice, directory } = choiceOf('pick_first', [instance('a'), instance('b')]);
  assert.equal(choice.endpointOf(0).host, 'a');
  directory.set([instance('b')]);
  assert.equal(choice.endpointOf(0).host, 'b');
  directory.set([]);
  assert.equal(choice.endpointOf(0).host, 'b');
  directory.set([instance('c')]);
  assert.equal(choice.endpointOf(0).host, 'c');
});
