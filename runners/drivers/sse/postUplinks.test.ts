import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { type TestContext, test } from 'node:test';
import type { ConnectTarget, Saying } from '../../../contract/loadDriver.ts';
import { RefusedSaying } from '../../chat/refusedSaying.ts';
import { PostUplinks } from './postUplinks.ts';

interface Exchange {
  readonly uplinks: PostUplinks;
  readonly target: ConnectTarget;
  /** The server's end of the next connection. */
  accept(): Promise<Socket>;
  say(text: string, saying?: Saying): Promise<Error | null>;
}

async function exchange(t: TestContext): Promise<Exchange> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const uplinks = new PostUplinks(1, null);
  t.after(async () => {
    await uplinks.stop();
    server.close();
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  const { port } = address;
  const target = {
    host: '127.0.0.1',
    port,
    path: '/events?topic=t7',
    headers: { authorization: 'Bearer x' },
  };
  return {
    uplinks,
    target,
    accept: async () => (await once(server, 'connection'))[0],
    say: (text, saying = 'message') =>
      new Promise((resolve) => uplinks.say(0, target, saying, Buffer.from(text), resolve)),
  };
}

/** What the server has read once it ends so. */
async function readUntil(socket: Socket, end: string): Promise<string> {
  let text = '';
  while (!text.endsWith(end)) text += (await once(socket, 'data'))[0].toString('latin1');
  return text;
}

const answerOf = (status: string, extra = ''): string =>
  `HTTP/1.1 ${status}\r\nContent-Length: 0\r\n${extra}\r\n`;

test('posts on one kept connection, one request behind the other, answers told in their order', async (t) => {
  const { accept, say, uplinks, target } = await exchange(t);
  const accepted = accept();
  const settled = Promise.all([say('one'), say('two', 'typing'), say('three'), say('four')]);
  const socket = await accepted;
  const requests = (await readUntil(socket, 'four')).split('POST /publish HTTP/1.1\r\n').slice(1);
  assert.equal(requests.length, 4);
  const lines = requests[1].split('\r\n');
  const host = `host: ${target.host}:${target.port}`;
  for (const line of [
    host,
    'x-topic: t7',
    'x-kind: typing',
    'content-length: 3',
    'authorization: Bearer x',
    'two',
  ])
    assert.ok(lines.includes(line), line);
  assert.ok(!requests[0].includes('x-kind'));
  socket.write(answerOf('202 Accepted') + answerOf('429 Too Many Requests') + answerOf('500 Oh'));
  socket.write(answerOf('202 Accepted'));
  const [one, two, three, four] = await settled;
  assert.deepEqual([one, four], [null, null]);
  assert.ok(two instanceof RefusedSaying);
  assert.equal(three?.message, 'HTTP 500');
  assert.equal(uplinks.size, 1);
});

test('tells of what was never answered, and opens another connection for the next word', async (t) => {
  const { accept, say } = await exchange(t);
  const first = accept();
  const lost = say('lost');
  (await first).destroy();
  assert.ok((await lost) instanceof Error);
  const second = accept();
  const kept = say('kept');
  const socket = await second;
  await readUntil(socket, 'kept');
  socket.write(answerOf('202 Accepted'));
  assert.equal(await kept, null);
});

test('ends what a damaged answer leaves in doubt', async (t) => {
  const { accept, say } = await exchange(t);
  const accepted = accept();
  const settled = say('hello');
  (await accepted).write('SSH-2.0-nonsense\r\n\r\n');
  assert.match((await settled)?.message ?? '', /not an HTTP\/1 answer/);
});

test('closes a half once the answers that are due have come', async (t) => {
  const { accept, say, uplinks } = await exchange(t);
  const accepted = accept();
  const settled = say('last words');
  const socket = await accepted;
  await readUntil(socket, 'last words');
  const ended = once(socket, 'end');
  uplinks.end(0);
  assert.equal(uplinks.size, 1, 'the answer is awaited');
  socket.write(answerOf('202 Accepted'));
  assert.equal(await settled, null);
  await ended;
  uplinks.end(0);
});
