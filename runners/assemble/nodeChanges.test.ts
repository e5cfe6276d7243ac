import assert from 'node:assert/strict';
import { test } from 'node:test';
import { NO_FLOW } from '../../contract/flow.ts';
import type { ServerStats } from '../../contract/pushServer.ts';
import { nodeChanges, rise } from './nodeChanges.ts';

function statsOf(stalls: number): ServerStats {
  return {
    connections: 0,
    accepted: 0,
    refused: 0,
    published: 0,
    written: 0,
    slowReadersCut: 0,
    gaps: 0,
    bus: null,
    flow: { ...NO_FLOW, stalls },
    unauthenticated: {},
  };
}

/** Stalls of each node by process id. */
const edge = (nodes: Readonly<Record<number, number>>) => ({
  nodes: Object.entries(nodes).map(([pid, stalls]) => ({ pid: Number(pid), stats: statsOf(stalls) })),
});

for (const [name, before, after, expected] of [
  ['the same nodes', { 1: 10, 2: 20 }, { 1: 11, 2: 22 }, 3],
  ['a node that was killed', { 1: 10, 2: 20 }, { 1: 15 }, 5],
  ['nodes that were replaced', { 1: 10, 2: 20 }, { 1: 12, 2: 23, 3: 4, 4: 5 }, 14],
  ['none left', { 1: 10 }, {}, 0],
] as const) {
  test(`what was counted between two edges: ${name}`, () => {
    const changes = nodeChanges({ before: edge(before), after: edge(after) });
    assert.equal(
      rise(changes, ({ flow }) => flow.stalls),
      expected,
    );
  });
}
