import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { test } from 'node:test';
import { StreamsBus } from './streamsBus.ts';

const bulk = (text: string): string => `$${text.length}\r\n${text}\r\n`;
const list = (...items: readonly string[]): string => `*${items.length}\r\n${items.join('')}`;
const FIELDS = list(...['t', 'topic', 'd', 'body', 'p', '5'].map(bulk));
const LOADING = '-LOADING Redis is loading the dataset in memory\r\n';

/** What each command is answered in turn; the last one again and again, '' is no answer. */
const ANSWERS: Readonly<Record<string, string[]>> = {
  SCRIPT: ['+OK\r\n'],
  EVALSHA: [bulk('0')],
  XREVRANGE: [list()],
  SUBSCRIBE: [list(bulk('subscribe'), bulk('{pushbench}:notices'), ':1\r\n')],
  XREAD: [LOADING, LOADING, list(list(bulk('s'), list(list(bulk('1-0'), FIELDS)))), ''],
};

test('a stream is read on once a Redis that was just started has read its files', async (t) => {
  const answerTo = (command: string): string => {
    const answers = ANSWERS[command] ?? ['+OK\r\n'];
    return (answers.length > 1 ? answers.shift() : answers[0]) ?? '';
  };
  const server = createServer((socket) => {
    socket.on('error', () => {});
    socket.on('data', (chunk) => {
      // The first word of each command of the read.
      for (const [, command] of chunk.toString('latin1').matchAll(/\*\d+\r\n\$\d+\r\n([A-Za-z]+)\r\n/g))
        socket.write(answerTo(command.toUpperCase()));
    });
  }).listen(0, '127.0.0.1');
  t.after(() => server.close());
  await once(server, 'listening');
  const address = server.address();
  assert.ok(typeof address === 'object' && address !== null);
  const bus = new StreamsBus(new URL(`redis://127.0.0.1:${address.port}`));
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
