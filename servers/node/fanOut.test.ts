import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { FanOut } from './fanOut.ts';
import { StreamTable } from './streams.ts';

const event = (id: number) => ({ id, topic: 't', data: Buffer.from('x'), frame: null });

test('ids that go to nobody count as delivered once what waited before them is', async () => {
  const fanOut = new FanOut(new StreamTable(1_000), () => {});
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
