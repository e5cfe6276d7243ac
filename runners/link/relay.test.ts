import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { before, type TestContext, test } from 'node:test';
import { nowUs } from '../../contract/clock.ts';
import type { LinkSpec } from '../../contract/link.ts';
import type { Endpoint } from '../../contract/pushServer.ts';
import { initHistograms } from '../recorders/histograms.ts';
import { Relay } from './relay.ts';

before(() => initHistograms());

const LINK: LinkSpec = { rttMs: 20, jitterMs: 0 };
/** Far more than the kernel takes on both hops for a reader that has stopped: 4 MB each were measured. */
const SENT_BYTES = 32_000_000;

const relayOver = (link: LinkSpec): Relay => new Relay({ link, seed: 1 });

/** Servers that hand out what comes, and a relay in front of them; all end with the test. */
async function relayed(
  t: TestContext,
  serve: (socket: Socket) => void,
  relay = relayOver(LINK),
): Promise<Endpoint> {
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
    // What a test does to the other end comes here as an error.
    socket.on('error', () => {});
    serve(socket);
  });
  const to = await listening(server);
  t.after(() => server.close());
  return inFront(t, to, relay);
}

async function inFront(t: TestContext, to: Endpoint, relay = relayOver(LINK)): Promise<Endpoint> {
  t.after(() => relay.stop());
  return relay.listen({ listen: { host: '127.0.0.1', port: 0 }, to });
}

async function listening(server: Server): Promise<Endpoint> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return { host: '127.0.0.1', port };
}

function dial({ host, port }: Endpoint): Socket {
  return connect({ host, port, allowHalfOpen: true, noDelay: true });
}

async function everything(socket: Socket): Promise<Buffer> {
  const parts: Buffer[] = [];
  socket.on('data', (part) => parts.push(Buffer.from(part)));
  socket.resume();
  await once(socket, 'end');
  return Buffer.concat(parts);
}

test('many small writes, each delayed on its own, arrive as they were sent, and in order', async (t) => {
  const at = await relayed(t, (socket) => socket.pipe(socket), relayOver({ rttMs: 6, jitterMs: 6 }));
  const client = dial(at);
  const sent = randomBytes(40_000);
  for (let from = 0, size = 1; from < sent.length; from += size, size = (size % 97) + 1) {
    client.write(sent.subarray(from, from + size));
    // So that they are read one by one.
    if (size % 4 === 0) await new Promise(setImmediate);
  }
  client.end();
  assert.ok((await everything(client)).equals(sent));
});

test('a half-closed connection goes on in the other direction', async (t) => {
  const at = await relayed(t, async (socket) => {
    const asked = await everything(socket);
    socket.end(`heard ${asked.length}`);
  });
  const client = dial(at);
  client.end('hello');
  assert.equal(String(await everything(client)), 'heard 5');
});

test('nothing arrives before its time: a round trip to connect, and one for the answer', async (t) => {
  const at = await relayed(t, (socket) => socket.pipe(socket));
  const fromUs = nowUs();
  const client = dial(at);
  client.write('x');
  await once(client, 'data');
  const connectedUs = nowUs();
  client.write('y');
  await once(client, 'data');
  client.destroy();
  // What is late is the machine's doing, and no matter of this test.
  assert.ok(connectedUs - fromUs >= 2 * LINK.rttMs * 1_000, `${connectedUs - fromUs} us`);
  assert.ok(nowUs() - connectedUs >= LINK.rttMs * 1_000);
});

test('a reset by the client is a reset for the server', async (t) => {
  const { promise, resolve } = Promise.withResolvers<string>();
  const at = await relayed(t, (socket) => {
    socket.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? ''));
    socket.write('hello');
  });
  const client = dial(at);
  await once(client, 'data');
  client.resetAndDestroy();
  assert.equal(await promise, 'ECONNRESET');
});

test('a reset by the server is a reset for the client', async (t) => {
  const at = await relayed(t, (socket) => socket.once('data', () => socket.resetAndDestroy()));
  const client = dial(at);
  client.write('x');
  const [error] = await once(client, 'error').catch((error: unknown) => [error]);
  assert.equal(error.code, 'ECONNRESET');
});

test('a server that is not there resets its clients', async (t) => {
  const gone = createServer();
  const to = await listening(gone);
  await new Promise((resolve) => gone.close(resolve));
  const client = dial(await inFront(t, to));
  const [error] = await once(client, 'error');
  assert.equal(error.code, 'ECONNRESET');
});

test('a reader that does not read makes the writer wait, and gets it all when it does', async (t) => {
  const { promise: served, resolve } = Promise.withResolvers<Socket>();
  const relay = relayOver({ rttMs: 2, jitterMs: 0 });
  const at = await relayed(t, (socket) => socket.once('data', () => resolve(socket)), relay);
  const client = dial(at);
  client.write('x');
  const writer = await served;
  client.pause();
  const pausedUs = nowUs();
  const sent = randomBytes(SENT_BYTES);
  writer.end(sent);
  // Time for a relay without bounds to take it all: it is never idle meanwhile, and does not wait for itself.
  await answeredOverLink(t, 10);
  assert.ok(writer.writableLength > 0, 'all of it was taken from the writer');
  const waitedUs = nowUs() - pausedUs;
  assert.ok((await everything(client)).equals(sent));
  const late = relay.takeLateness();
  assert.ok(late.maxValue < waitedUs / 2, `the relay was not late: the reader was (${late.maxValue} us)`);
  late.destroy();
});

/** Resolves when another connection was answered so often, one after the other. */
async function answeredOverLink(t: TestContext, times: number): Promise<void> {
  const other = dial(await relayed(t, (socket) => socket.pipe(socket)));
  for (let time = 0; time < times; time++) {
    other.write('x');
    await once(other, 'data');
  }
  other.destroy();
}

test('a reset does not wait for a reader that has stopped', async (t) => {
  const { promise, resolve } = Promise.withResolvers<void>();
  const at = await relayed(t, (socket) => {
    const block = Buffer.alloc(1_048_576);
    const fill = () => {
      while (socket.write(block));
    };
    socket.on('drain', fill);
    socket.on('error', () => resolve());
    fill();
  });
  const client = dial(at);
  await once(client, 'readable');
  client.resetAndDestroy();
  await promise;
});

test('a relay forgets connections, however they ended', async (t) => {
  const relay = relayOver({ rttMs: 2, jitterMs: 0 });
  const at = await relayed(
    t,
    (socket) => {
      socket.on('end', () => socket.end());
      socket.on('data', () => socket.resetAndDestroy());
    },
    relay,
  );
  const endings: readonly ((client: Socket) => void)[] = [
    (client) => client.end(),
    (client) => client.destroy(),
    (client) => client.resetAndDestroy(),
    // The server resets it.
    (client) => client.write('x'),
  ];
  const clients = endings.map(() => dial(at).resume());
  for (const client of clients) client.on('error', () => {});
  const closed = clients.map((client) => new Promise((resolve) => client.once('close', resolve)));
  const turns = async (isReached: () => boolean): Promise<void> => {
    while (!isReached()) await new Promise(setImmediate);
  };
  await turns(() => relay.connections === endings.length);
  endings.forEach((end, i) => {
    end(clients[i]);
  });
  await Promise.all(closed);
  // What was never forgotten would keep this waiting for ever.
  await turns(() => relay.connections === 0);
});
