import assert from 'node:assert/strict';
import { test } from 'node:test';
import { describeLoadShape, loadShapeOf } from './loadShape.ts';
import { plainNumbers } from './numbers.ts';
import { sampleRun } from './testing/sampleRun.ts';
import { spikeRun } from './testing/sampleScenarios.ts';

test('a load shape is read back from the workload, and told', () => {
  const shape = loadShapeOf(spikeRun());
  assert.equal(shape.length, 3);
  assert.equal(
    plainNumbers(describeLoadShape(shape)),
    '400 publishes/s for 8 s, 4,000 publishes/s for 4 s, 400 publishes/s for 8 s',
  );
});

test('a constant rate has none', () => {
  assert.deepEqual(loadShapeOf(sampleRun()), []);
});

test('what is no stage is left out', () => {
  const workload = { stages: [null, 7, {}, { durationMs: '1', ratePerSecond: 2 }] };
  assert.deepEqual(loadShapeOf({ workload }), []);
});
