import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sampleGate, sampleMetric } from '../../../testing/sampleGate.ts';
import { blockLines, runRows } from './blockLines.ts';

const metric = {
  ...sampleMetric({ path: 'x', label: 'x', unit: 'us', at: 1, change: 0, noise: 0.1 }),
  base: [1, 2, 3, null],
  head: [10, 20, 30, 40],
};
const gate = sampleGate({
  blocks: [
    { order: 'ABBA', seconds: 1 },
    { order: 'BAAB', seconds: 1 },
  ],
});

test('runs stand in the order in which they were made, block by block', () => {
  const rows = runRows(metric, gate).toSorted((a, b) => a.x - b.x);
  assert.deepEqual(
    rows.map(({ y }) => y),
    [1, 10, 20, 2, 30, 3, 40],
  );
  assert.deepEqual(
    rows.map(({ x }) => Math.round(x)),
    [1, 1, 1, 1, 2, 2, 2],
  );
});

test('a figure that never moved has no plot', () => {
  assert.equal(
    blockLines({ ...gate, metrics: [{ ...metric, base: [0, 0, 0, 0], head: [0, 0, 0, 0] }] }),
    null,
  );
  assert.notEqual(blockLines({ ...gate, metrics: [metric] }), null);
});
