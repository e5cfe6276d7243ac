import assert from 'node:assert/strict';
import { test } from 'node:test';
import { turnsOf } from './rollingRestart.ts';

test('turns are spread over the window, from a tenth of it on, and leave time for the last', () => {
  assert.deepEqual(turnsOf(2, 10_000), [1_000, 5_000]);
  assert.deepEqual(turnsOf(4, 1_000), [100, 300, 500, 700]);
});
