import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { type TestContext, test } from 'node:test';
import { BenchError } from '../../contract/errors.ts';
import { requireService } from '../../test/requireService.ts';
import { checkBus } from './checkBus.ts';
import { redactBusUrl } from './redactBusUrl.ts';
import { findRedisServer, PrivateRedis } from './redisBroker.ts';

const { skip } = requireService('redis-server');

/** A server that answers whatever is said to it with one text. */
async function answering(t: TestContext, text: string): Promise<string> {
  const server = createServer((socket) => {
    socket.on('error', () => {});
    socket.on('data', () => socket.end(text));
  }).listen(0, '127.0.0.1');
  t.after(() => server.close());
  await once(server, 'listening');
  const address = server.address();
  return `redis://me:geheim@127.0.0.1:${typeof address === 'object' ? address?.port : 0}/0`;
}

test('names what is wrong with an address, and never shows the password', async (t) => {
  const rows: readonly (readonly [url: string, message: RegExp])[] = [
    ['redis://me:geheim@127.0.0.1:1', /redis:\/\/127\.0\.0\.1:1 cannot be used: .*ECONNREFUSED/],
    ['http://me:geheim@127.0.0.1:6379', /not one of a Redis: its scheme is http:/],
    ['geheim', /not one of a Redis: it is no URL/],
    [await answering(t, 'HTTP/1.1 400 Bad Request\r\n\r\n'), /cannot be used: "HTTP\/1\.1 400/],
    [await answering(t, '-NOAUTH Authentication required.\r\n'), /cannot be used: NOAUTH/],
    [await answering(t, '-WRONGPASS invalid username-password pair\r\n'), /cannot be used: WRONGPASS/],
    [await answering(t, ''), /cannot be used: it closed the connection/],
    [
      await answering(t, '+PONG\r\n$30\r\n# Server\r\nredis_version:4.0.14\r\n\r\n'),
      /it is version 4\.0\.14/,
    ],
  ];
  for (const [url, message] of rows) {
    await assert.rejects(checkBus('redis-streams', url), (error) => {
      assert.ok(error instanceof BenchError, url);
      assert.match(error.message, message);
      assert.ok(!`${error.message}${error.hint}`.includes('geheim'));
      return true;
    });
  }
});

test('names the Redis that it finds', { skip }, async (t) => {
  const redis = await PrivateRedis.create();
  t.after(() => redis.stop());
  await redis.start();
  assert.match(await checkBus('redis-pubsub', redis.url), /^redis-server \d+\.\d+\.\d+$/);
  assert.equal(redis.name, await checkBus('redis-pubsub', redis.url));
});

test('a URL is shown without what is secret in it', () => {
  assert.equal(redactBusUrl('redis://u:p@h:1/2?prefix=x'), 'redis://h:1/2');
  assert.equal(redactBusUrl('p@ss word'), '(no URL)');
});

test('says how to get a redis-server where there is none', () => {
  assert.throws(
    () => findRedisServer('/nowhere'),
    (error) => error instanceof BenchError && /apt install/.test(error.hint),
  );
});
