import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sourceNames } from './sourceNames.ts';

test('names keep what tells them apart', () => {
  for (const [names, short] of [
    [
      ['monday', 'tuesday'],
      ['monday', 'tuesday'],
    ],
    [
      ['2026-11-23-113359-sse-shared-steady', '2026-11-23-113438-sse-shared-steady'],
      ['113359', '113438'],
    ],
    [
      ['2026-11-23-112258-sse-shared-c100k', '2026-11-23-113618-ws-c100k'],
      ['112258-sse-shared', '113618-ws'],
    ],
    [
      ['result', 'result'],
      ['result 1', 'result 2'],
    ],
    [
      ['a-b', 'a-b-c'],
      ['b', 'b-c'],
    ],
  ] as const) {
    assert.deepEqual(sourceNames(names), short);
  }
});

test('a name stays short enough for a chart', () => {
  for (const name of sourceNames(['x'.repeat(80), 'y'.repeat(80)])) assert.ok(name.length <= 24);
});
