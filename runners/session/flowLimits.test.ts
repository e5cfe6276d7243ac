import assert from 'node:assert/strict';
import { test } from 'node:test';
import { steady } from '../../scenarios/steady.ts';
import { flowLimits } from './flowLimits.ts';

for (const [what, flowMessages, payloadBytes, bytes] of [
  ['small messages leave the mark in bytes where it is', 1_024, 100, 1_048_576],
  ['the mark in bytes leaves room for the messages', 8_192, 1_024, 8_192 * (1_024 * 1.5 + 256)],
  ['and has a bound of its own', 8_192, 65_536, 16 * 1_048_576],
] as const) {
  test(`flow limits of a run: ${what}`, () => {
    const { connectionMessages, connectionBytes } = flowLimits({ ...steady, flowMessages, payloadBytes });
    assert.deepEqual(connectionMessages, { high: flowMessages, low: flowMessages / 2 });
    assert.deepEqual(connectionBytes, { high: bytes, low: bytes / 2 });
  });
}
