import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import type { TestContext } from 'node:test';

/** A bulk string and an array as Redis answers them. */
export const bulk = (text: string): string => `$${text.length}\r\n${text}\r\n`;
export const list = (...items: readonly string[]): string => `*${items.length}\r\n${items.join('')}`;

const SUBSCRIBED = list(bulk('subscribe'), bulk('{pushbench}:notices'), ':1\r\n');

/**
 * Listens as a Redis that answers from a list.
 * @param answers by command, what it is answered in turn; the last one again and again, '' is no answer, OK where none is given
 */
export async function fakeRedis(t: TestContext, answers: Readonly<Record<string, string[]>>): Promise<URL> {
  const all: Readonly<Record<string, string[]>> = { SUBSCRIBE: [SUBSCRIBED], ...answers };
  const answerTo = (command: string): string => {
    const left = all[command] ?? ['+OK\r\n'];
    return (left.length > 1 ? left.shift() : left[0]) ?? '';
  };
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.on('data', (chunk) => {
      // The first word of each command of the read.
      for (const [, command] of chunk.toString('latin1').matchAll(/\*\d+\r\n\$\d+\r\n([A-Za-z]+)\r\n/g))
        socket.write(answerTo(command.toUpperCase()));
    });
  }).listen(0, '127.0.0.1');
  t.after(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  await once(server, 'listening');
  const address = server.address();
  return new URL(`redis://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`);
}
