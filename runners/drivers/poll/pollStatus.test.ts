import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type PollVerdict, verdictOf } from './pollStatus.ts';

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
