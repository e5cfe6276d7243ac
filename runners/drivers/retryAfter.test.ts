import assert from 'node:assert/strict';
import { it } from 'node:test';
import { retryAfterMs } from './retryAfter.ts';

for (const [value, expected] of [
  ['0', 0],
  ['120', 120_000],
  ['999999999', 3_600_000],
  ['Thu, 01 Jan 1970 00:00:05 GMT', 4_000],
  ['Thu, 01 Jan 1970 00:00:00 GMT', 0],
  ['soon', null],
  ['-1', null],
  ['', null],
  [null, null],
  [undefined, null],
] as const) {
  it(`Retry-After ${value} asks for ${expected} ms`, () =>
    assert.equal(retryAfterMs(value, 1_000), expected));
}
