import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import { test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { DEFAULT_FLOW_LIMITS } from '../../contract/flow.ts';
import { FlowController, NOTHING_HANDED } from '../flow/flowController.ts';
import { FanOut } from './fanOut.ts';
import { type Stream, StreamTable } from './streams.ts';

const newStreams = () => new StreamTable(new FlowController(DEFAULT_FLOW_LIMITS));

const event = (id: number) => ({ id, topic: 't', data: Buffer.from('x'), frame: null });

test('ids that go to nobody count as delivered once what waited before them is', async () => {
  const fanOut = new FanOut(newStreams(), () => {});
  fanOut.passTo(3);
  assert.equal(fanOut.deliveredId, 3);
  fanOut.enqueue(event(4));
  fanOut.passTo(9);
  assert.equal(fanOut.deliveredId, 3);
  await turn();
  assert.equal(fanOut.deliveredId, 9);
  fanOut.enqueue(event(10));
  await turn();
  assert.equal(fanOut.deliveredId, 10);
});

test('what is lost is told between the events before it and those after it', async () => {
  const streams = newStreams();
  const told: (number | string)[] = [];
  const fanOut = new FanOut<Stream>(streams, (events) => told.push(...events.map(({ id }) => id)));
  streams.topics.add({ ...NOTHING_HANDED, sink: new PassThrough(), topic: 't', timer: null, isOpen: true });
  fanOut.enqueue(event(1));
  fanOut.enqueue(event(2));
  fanOut.passTo(4, () => told.push('gap'));
  fanOut.enqueue(event(5));
  await turn();
  await turn();
  assert.deepEqual(told, [1, 2, 'gap', 5]);
});
