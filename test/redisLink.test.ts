import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PrivateRedis } from '../runners/broker/redisBroker.ts';
import { busAddress } from '../servers/bus/redis/busAddress.ts';
import { RedisLink } from '../servers/bus/redis/redisLink.ts';
import { requireService } from './requireService.ts';

const { skip } = requireService('redis-server');

test('bytes that a listener cannot read cost nothing of what comes with them', { skip }, async (t) => {
  const redis = await PrivateRedis.create();
  t.after(() => redis.stop());
  await redis.start();
  const [publisher, subscriber] = Array.from(
    { length: 2 },
    () => new RedisLink(busAddress(new URL(redis.url)), { up() {}, down() {} }),
  );
  t.after(() => [publisher, subscriber].map((link) => link.stop()));
  await Promise.all([publisher.connect(), subscriber.connect()]);
  const values: number[] = [];
  const done = Promise.withResolvers<void>();
  await subscriber.subscribe('c', (bytes) => {
    values.push(bytes.readUInt16BE(0));
    if (values.length === 2) done.resolve();
  });
  // One script, so that all come in one read.
  const script = "for _, m in ipairs(ARGV) do redis.call('PUBLISH', 'c', m) end";
  await publisher.command('EVAL', script, '0', 'AA', 'x', 'BB');
  await done.promise;
  assert.deepEqual(values, [0x4141, 0x4242]);
});
