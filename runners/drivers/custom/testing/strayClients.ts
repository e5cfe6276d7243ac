// Two clients of a driver that throws where nobody catches it: the first in the way that is named, the second never.
// A process of its own, because the test runner ends a test at the first uncaught error. It prints what became of both.
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import type { CustomClient } from '../../../../contract/customDriver.ts';
import { type CloseDetail, PLAIN_DRIVER } from '../../../../contract/loadDriver.ts';
import { CustomClients } from '../customClients.ts';

const way = process.argv[2];
const server = createServer((socket) => socket.on('error', () => {}).write('go')).listen(0, '127.0.0.1');
await once(server, 'listening');
const { port } = server.address() as { port: number };

function fail(): never {
  throw new Error(`thrown in ${way}`);
}

/** By the name of the way: what a driver does beside connecting. */
const WAYS: Readonly<Record<string, (client: CustomClient) => void>> = {
  timer: () => setTimeout(fail, 1),
  promise: () => void Promise.resolve().then(fail),
  socket: () => connect(port, '127.0.0.1').on('data', fail),
  'error event': () =>
    connect({
      port,
      host: 'never.invalid',
      lookup: (_host, _options, done) => done(new Error(`thrown in ${way}`), ''),
    }),
  abort: ({ signal }) => signal.addEventListener('abort', fail),
};

const closed: [slot: number, detail: CloseDetail][] = [];
const first = Promise.withResolvers<void>();
const ignored = (): void => {};
const driver = new CustomClients(
  {
    ...PLAIN_DRIVER,
    slots: 2,
    connectTimeoutMs: way === 'abort' ? 20 : 10_000,
    target: () => ({ host: '127.0.0.1', port, path: '/', headers: {} }),
    events: {
      opened: ignored,
      message: ignored,
      state: ignored,
      gap: ignored,
      retryAfter: ignored,
      closed: (slot, detail) => {
        closed.push([slot, detail]);
        first.resolve();
      },
    },
  },
  { module: '', url: 'tcp://127.0.0.1:1', firstSlot: 0, topicOf: () => 't0', tokenOf: () => null },
  {
    connect(client) {
      if (client.slot === 1) return Promise.resolve({ close: ignored });
      WAYS[way](client);
      return new Promise(() => {});
    },
  },
);
// What belongs to no client ends the process.
if (way === 'module') setImmediate(fail);
else driver.open(0);
driver.open(1);
await first.promise;
await driver.stop();
server.close();
process.stdout.write(JSON.stringify(closed));
process.exit();
