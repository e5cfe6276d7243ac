import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nearest } from './nearest.ts';

const KNOWN = ['steady', 'broadcast', 'unicast', 'c100k'];

for (const [word, expected] of [
  ['stedy', '; did you mean "steady"?'],
  ['Steady', '; did you mean "steady"?'],
  ['broad', '; did you mean "broadcast"?'],
  ['c10k', '; did you mean "c100k"?'],
  ['zebra-crossing', ''],
  ['', ''],
] as const) {
  test(`nearest to "${word}" is ${expected || 'nothing'}`, () => {
    assert.equal(nearest(word, KNOWN), expected);
  });
}
