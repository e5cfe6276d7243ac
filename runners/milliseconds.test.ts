import assert from 'node:assert/strict';
import { test } from 'node:test';
import { milliseconds } from './milliseconds.ts';

for (const [us, text] of [
  [0, '0.0 ms'],
  [1_234, '1.2 ms'],
  [9_940, '9.9 ms'],
  [48_500, '49 ms'],
  [1_300_000, '1300 ms'],
] as const) {
  test(`${us} us is ${text}`, () => assert.equal(milliseconds(us), text));
}
