import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { WsArticleRow } from '../contract/result.ts';
import { jitterFinding } from './jitterFinding.ts';

function row(jitters: readonly (readonly [number, number])[]): WsArticleRow {
  return {
    stage: 'ws',
    variant: 'send',
    claimAboveConnections: 5_000,
    levels: jitters.map(([connections, jitter]) => ({
      connections,
      jitter,
      rssBytes: [],
      meanBytes: 1,
      rangeBytes: 1,
      gcPauseMaxMs: null,
    })),
  };
}

for (const [name, levels, rises] of [
  [
    'twice as large',
    [
      [1_000, 0.01],
      [5_000, 0.01],
      [7_500, 0.02],
      [10_000, 0.02],
    ],
    true,
  ],
  [
    'the same',
    [
      [1_000, 0.01],
      [5_000, 0.01],
      [7_500, 0.01],
      [10_000, 0.012],
    ],
    false,
  ],
  [
    'larger once below: that one level is as much evidence as any above',
    [
      [1_000, 0.01],
      [2_500, 0.5],
      [5_000, 0.01],
      [7_500, 0.03],
    ],
    false,
  ],
  [
    'smaller',
    [
      [1_000, 0.04],
      [10_000, 0.01],
    ],
    false,
  ],
] as const) {
  test(`jitter above the claim: ${name}`, () => {
    assert.equal(jitterFinding(row(levels))?.rises, rises);
  });
}

test('nothing is said where one side was not measured', () => {
  assert.equal(jitterFinding(row([[1_000, 0.01]])), null);
  assert.equal(jitterFinding(row([[10_000, 0.01]])), null);
});
