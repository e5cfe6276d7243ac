import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  quantity,
  SAMPLE_PRICES,
  sampleMeasured,
  sampleNode,
  sampleTraffic,
} from '../testing/sampleMeasured.ts';
import { demandOf } from './demand.ts';
import { type Sizing, sizingOf } from './sizing.ts';

function sized(
  over: Parameters<typeof sampleMeasured>[0] = {},
  node: Parameters<typeof sampleNode>[0] = {},
): Sizing {
  const measured = sampleMeasured(over);
  const [traffic, machine] = [sampleTraffic(), sampleNode(node)];
  const demand = demandOf(measured, traffic, machine.usableShare.value);
  assert.ok(demand);
  return sizingOf(measured, demand, traffic, machine, SAMPLE_PRICES);
}

test('each bound asks for nodes by itself, at the end of its interval that needs more', () => {
  const { nodesBy, processes, gbitPerSecond } = sized();
  // 200,000 x 12 us / (0.5 - 0.1) = 6 cores, of 4 in a node.
  assert.equal(processes, 6);
  assert.equal(nodesBy.CPU, 2);
  // 100,000 x 10 KiB = 0.954 GiB; a node has 8 GiB less 4 x 100 MiB.
  assert.equal(nodesBy.memory, 1);
  // 200,000 x 300 B x 8 = 0.48 Gbit/s, of 0.5 that may be used.
  assert.equal(gbitPerSecond, 0.48);
  assert.equal(nodesBy.network, 1);
  // 20,000 x 0.5 x 4 = 40,000 in a node.
  assert.equal(nodesBy.connections, 3);
  // 100,000 in 10 s = 10,000/s; half of 4 x 1,000/s is left for it.
  assert.equal(nodesBy['reconnect storm'], 5);
});

test('the largest decides, one more is in reserve, and the nodes have their price', () => {
  const { nodes, decidedBy, withReserve, nodesPerMonth } = sized();
  assert.deepEqual(decidedBy, ['reconnect storm']);
  assert.equal(nodes, 5);
  assert.equal(withReserve, 6);
  assert.ok(Math.abs(nodesPerMonth - 6 * (4 * 0.1 + 16 * 0.01) * 730) < 1e-9);
});

test('where several bounds ask for the most, all of them decide', () => {
  // 10,000/s, of half of 4 x 1,700/s, is 3 nodes as well.
  assert.deepEqual(sized({ connects: quantity(1_700) }).decidedBy, ['connections', 'reconnect storm']);
});

test('a slow connect counts at its low end', () => {
  assert.equal(sized({ connects: quantity(1_000, 500, 2_000) }).nodesBy['reconnect storm'], 10);
});

test('more nodes do not help where a process leaves no room for connections', () => {
  const { nodesBy, nodes } = sized({ base: quantity(3 * 2 ** 30) });
  assert.equal(nodesBy.memory, Number.POSITIVE_INFINITY);
  assert.equal(nodes, Number.POSITIVE_INFINITY);
});

test('a bound that was not measured asks for none', () => {
  assert.equal(sized({ connects: null }).nodesBy['reconnect storm'], null);
  assert.deepEqual(sized({ connects: null }).decidedBy, ['connections']);
});

test('a whole number of nodes stays that number', () => {
  // 100,000 / (25,000 x 0.5 x 4) = 2 exactly.
  assert.equal(sized({}, { openFiles: 25_000 }).nodesBy.connections, 2);
});
