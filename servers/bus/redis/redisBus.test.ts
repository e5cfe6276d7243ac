import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BusUnavailable } from '../bus.ts';
import { RedisBus } from './redisBus.ts';
import { fakeRedis } from './testing/fakeRedis.ts';

const LISTENER = { messages() {}, skipped() {}, notice() {}, connection() {} };

test('a publish that a Redis does not answer fails after a while', async (t) => {
  const transport = {
    load: async () => {},
    channels: [],
    join: async () => {},
    publish: () => new Promise<number>(() => {}),
  };
  const bus = new RedisBus(await fakeRedis(t, {}), () => transport, 10);
  t.after(() => bus.stop());
  await bus.start(LISTENER);
  await assert.rejects(bus.publish([], 0), (error) => {
    assert.ok(error instanceof BusUnavailable);
    assert.match(error.message, /no answer within 10 ms/);
    return true;
  });
});
