import assert from 'node:assert/strict';
import { test } from 'node:test';
import { blockOrders, turnsOf } from './blockOrder.ts';

test('the same seed gives the same order of blocks, another seed another', () => {
  assert.deepEqual(blockOrders(7, 40), blockOrders(7, 40));
  assert.notDeepEqual(blockOrders(7, 40), blockOrders(8, 40));
});

test('more blocks go on as fewer began, so that one made again changes none before it', () => {
  assert.deepEqual(blockOrders(3, 12).slice(0, 8), blockOrders(3, 8));
});

test('both orders come about equally often, and neither in turn', () => {
  const orders = blockOrders(1, 1_000);
  const abba = orders.filter((order) => order === 'ABBA').length;
  assert.ok(abba > 450 && abba < 550, `${abba} of 1000`);
  const repeats = orders.filter((order, i) => i > 0 && order === orders[i - 1]).length;
  assert.ok(repeats > 400 && repeats < 600, `${repeats} like the one before`);
});

test('a block has two runs of each side, in a mirror', () => {
  for (const order of ['ABBA', 'BAAB'] as const) {
    const turns = turnsOf(order);
    assert.equal(turns.filter((turn) => turn === 'base').length, 2);
    assert.deepEqual(turns, turns.toReversed());
  }
  assert.equal(turnsOf('ABBA')[0], 'base');
});
