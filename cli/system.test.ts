import assert from 'node:assert/strict';
import { test } from 'node:test';
import { widthOf } from './system.ts';

test('a terminal that was given no size is written to as if there were none', () => {
  assert.deepEqual([undefined, 0].map(widthOf), [100, 100]);
});

test('a narrow terminal gets lines that still hold a figure', () => {
  assert.deepEqual([1, 39, 40, 132].map(widthOf), [40, 40, 40, 132]);
});
