import assert from 'node:assert/strict';
import { test } from 'node:test';
import { StreamsBus } from './streamsBus.ts';
import { bulk, fakeRedis, list } from './testing/fakeRedis.ts';

const FIELDS = list(...['t', 'topic', 'd', 'body', 'p', '5'].map(bulk));
const LOADING = '-LOADING Redis is loading the dataset in memory\r\n';

test('a stream is read on once a Redis that was just started has read its files', async (t) => {
  const url = await fakeRedis(t, {
    EVALSHA: [bulk('0')],
    XREVRANGE: [list()],
    XREAD: [LOADING, LOADING, list(list(bulk('s'), list(list(bulk('1-0'), FIELDS)))), ''],
  });
  const bus = new StreamsBus(url);
  t.after(() => bus.stop());
  const got = Promise.withResolvers<readonly number[]>();
  await bus.start({
    messages: (messages) => got.resolve(messages.map(({ id }) => id)),
    skipped() {},
    notice() {},
    connection() {},
  });
  assert.deepEqual(await got.promise, [1]);
  assert.equal(bus.counts().lost, 0);
});
