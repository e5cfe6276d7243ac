import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type PollVerdict, retryAfterMs, verdictOf } from './pollStatus.ts';

test('says what a status means', () => {
  const rows: readonly (readonly [PollVerdict, readonly number[]])[] = [
    ['shown', [200]],
    ['nothing', [204]],
    ['later', [429, 503]],
    ['elsewhere', [101, 300, 301, 302, 303, 307, 308]],
    ['failed', [201, 202, 205, 206, 304, 400, 401, 403, 404, 408, 410, 500, 502, 504, 999]],
  ];
  for (const [verdict, statuses] of rows) {
    for (const status of statuses) assert.equal(verdictOf(status, false), verdict, String(status));
  }
  assert.equal(verdictOf(304, true), 'nothing');
});

test('reads Retry-After as seconds and as a date', () => {
  const now = Date.parse('Wed, 21 Oct 2026 07:28:00 GMT');
  const rows: readonly (readonly [string | undefined, number | null])[] = [
    [undefined, null],
    ['0', 0],
    ['7', 7_000],
    ['999999999', 3_600_000],
    ['Wed, 21 Oct 2026 07:28:30 GMT', 30_000],
    ['Wed, 21 Oct 2026 07:00:00 GMT', 0],
    ['soon', null],
    ['', null],
  ];
  for (const [value, expected] of rows) assert.equal(retryAfterMs(value, now), expected, String(value));
});
