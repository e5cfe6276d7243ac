import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sampleRun } from '../reports/testing/sampleRun.ts';
import { systemFaultOf } from './systemFault.ts';

const { deliveries, workload } = sampleRun();
assert.ok(deliveries !== null);

/** Of a run in which everything was accepted and nothing came back. */
function hintOf(stage: string, rooms: number): string {
  const nothing = { ...deliveries, received: 0 } as NonNullable<typeof deliveries>;
  const run = sampleRun({ stage, deliveries: nothing, workload: { ...workload, rooms } });
  const fault = systemFaultOf(run);
  assert.match(fault?.what ?? '', /not one was delivered/);
  return fault?.hint ?? '';
}

test('a message that never came back is told as the protocol takes it', () => {
  assert.match(hintOf('sse', 1), /data of one whole event/);
  assert.match(hintOf('ws', 1), /as one message/);
  assert.match(hintOf('grpc', 1), /come back to every client\.$/);
});

test('where there are rooms it says how the server learns the room of a message', () => {
  assert.match(hintOf('sse', 10), /\{topic\} in --publish-url/);
  assert.doesNotMatch(hintOf('sse', 1), /topic/);
});

test('a run in which something was delivered has no such fault', () => {
  assert.equal(systemFaultOf(sampleRun()), null);
});
