import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { BuiltInProtocol } from '../../contract/pushServer.ts';
import { childrenOf } from '../../test/endToEndBench.ts';
import { initHistograms } from '../recorders/histograms.ts';
import { ON_LINUX } from '../samplers/procFixture.ts';
import { Interrupted } from '../session/interrupted.ts';
import { type CeilingKey, measureCeiling } from './measureCeiling.ts';

/** Enough for every subscriber to get a few messages; how many a second is not for a test to say. */
const EFFORT = { seed: 3, warmupMs: 100, windowMs: 300 };
const going = new AbortController().signal;

async function assertExact(key: CeilingKey): Promise<void> {
  await initHistograms();
  const { ledger, deliveriesPerSecond, connections } = await measureCeiling(key, EFFORT, going);
  assert.ok(deliveriesPerSecond > 0);
  assert.ok(ledger.received >= connections);
  // Whole messages to each subscriber, and not one delivery more or less.
  assert.equal(ledger.expected % connections, 0);
  assert.deepEqual(ledger, {
    expected: ledger.received,
    received: ledger.received,
    lost: 0,
    duplicated: 0,
    reordered: 0,
    exact: true,
  });
}

// Messages of 300,000 bytes go to few subscribers, in many frames each, and wait for windows over HTTP/2.
const SHAPES: readonly (readonly [BuiltInProtocol, number, number])[] = [
  ['sse', 256, 1],
  ['ws', 300_000, 1],
  ['poll', 256, 1],
  ['sse-h2', 300_000, 10],
  ['grpc', 256, 100],
];

for (const [protocol, payloadBytes, streamsPerConnection] of SHAPES) {
  test(`what null servers send is received to the last message: ${protocol}, ${payloadBytes} bytes, ${streamsPerConnection} on a connection`, () =>
    assertExact({ protocol, payloadBytes, streamsPerConnection }));
}

test('a measurement that is interrupted ends with its processes', ON_LINUX, async () => {
  await initHistograms();
  const interrupted = new AbortController();
  const key = { protocol: 'sse', payloadBytes: 256, streamsPerConnection: 1 } as const;
  const measuring = measureCeiling(key, { ...EFFORT, windowMs: 60_000 }, interrupted.signal);
  const children = childrenOf(process.pid);
  interrupted.abort();
  await assert.rejects(measuring, Interrupted);
  assert.equal(children.length, 3);
  assert.deepEqual(childrenOf(process.pid), []);
});
