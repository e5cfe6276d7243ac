import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { type TestContext, test } from 'node:test';
import { DEFAULT_FLOW_LIMITS, type FlowLimits, waterMarks } from '../contract/flow.ts';
import { DEFAULT_SERVER_OPTIONS, type Endpoint, type PushServer } from '../contract/pushServer.ts';
import { findStage } from '../servers/registry.ts';

const MESSAGES = 200;
/** The kernel takes about 4 MB for a reader that stopped: with bodies of this size few messages fill it. */
const BODY = 'x'.repeat(100_000);
const HEAD =
  'Host: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n';

async function startServer(
  t: TestContext,
  stage: string,
  variant: string,
  flow: Partial<FlowLimits>,
): Promise<{ server: PushServer; endpoint: Endpoint }> {
  const server = await findStage(stage).create(variant);
  t.after(() => server.stop());
  const { endpoints } = await server.start({
    ...DEFAULT_SERVER_OPTIONS,
    listen: [{ host: '127.0.0.1', port: 0 }],
    flow: { ...DEFAULT_FLOW_LIMITS, ...flow },
  });
  return { server, endpoint: endpoints[0] };
}

async function subscriber(t: TestContext, endpoint: Endpoint, path: string): Promise<Socket> {
  const socket = connect(endpoint);
  t.after(() => socket.destroy());
  await once(socket, 'connect');
  socket.write(`GET ${path} HTTP/1.1\r\n${path.startsWith('/ws') ? HEAD : 'Host: x\r\n\r\n'}`);
  return socket;
}

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise(setImmediate);
}

// A close frame carries 1013, try again later, as 0x03 0xf5 before its reason.
for (const [stage, variant, path, farewell] of [
  ['sse', 'blocking', '/events?topic=t1', /: refused: .*\nretry: 1000\n\n/],
  ['sse', 'shared', '/events?topic=t1', /: refused: .*connection-messages 10.*\nretry: 1000\n\n/],
  ['sse', 'raw', '/events?topic=t1', /: refused: .*\nretry: 1000\n\n$/],
  ['ws', 'send', '/ws?topic=t1', /õmore waits for you than is allowed; try again in 1000 ms$/],
  ['ws', 'prepared', '/ws?topic=t1', /õmore waits for you than is allowed; try again in 1000 ms$/],
] as const) {
  test(`${stage}:${variant} refuses a reader that stopped at its mark in messages, tells it, and nobody else`, async (t) => {
    const { server, endpoint } = await startServer(t, stage, variant, {
      connectionMessages: waterMarks(10),
      connectionBytes: waterMarks(100_000_000),
    });
    const stopped = await subscriber(t, endpoint, path);
    stopped.pause();
    const reading = await subscriber(t, endpoint, path);
    let received = 0;
    reading.on('data', (bytes: Buffer) => {
      received += bytes.length;
    });
    await until(() => server.stats().connections === 2);
    const url = `http://${endpoint.host}:${endpoint.port}`;
    const publish = () =>
      fetch(`${url}/publish`, { method: 'POST', headers: { 'x-topic': 't1' }, body: BODY });
    let published = 0;
    for (; published < MESSAGES && server.stats().flow.refusedSubscribers === 0; published++) {
      assert.equal((await publish()).status, 202);
    }
    const { flow, connections } = server.stats();
    assert.equal(flow.refusedSubscribers, 1);
    assert.equal(connections, 1);
    // One above the mark at the write that is refused next; a batch of the fan-out may bring a few at once.
    assert.ok(
      flow.peakConnectionMessages >= 11 && flow.peakConnectionMessages <= 20,
      `${flow.peakConnectionMessages}`,
    );
    assert.ok(flow.stalls >= 1);
    await until(() => received > published * BODY.length);
    const text = await (await fetch(`${url}/metrics`)).text();
    assert.match(text, /^push_flow_refusals_total\{what="subscriber"\} 1$/m);
    assert.match(
      text,
      /^push_flow_level_messages [1-9]\d*$/m,
      'what the refused one holds counts until it has gone',
    );

    const tail = await lastBytes(stopped);
    assert.match(tail, farewell);
    await until(() => server.stats().flow.levelMessages === 0);
  });
}

/** Reads on at full speed to the end. */
async function lastBytes(socket: Socket): Promise<string> {
  let tail = '';
  socket.setEncoding('latin1');
  socket.on('data', (text: string) => {
    tail = (tail + text).slice(-400);
    // node:http keeps the connection for the next request once the stream is over.
    if (tail.endsWith('0\r\n\r\n')) socket.destroy();
  });
  socket.on('error', () => {});
  socket.resume();
  await once(socket, 'close');
  return tail.replace(/\r\n0\r\n\r\n$/, '');
}

test('a reader that stays away is destroyed, and holds nothing any more', async (t) => {
  const { server, endpoint } = await startServer(t, 'sse', 'raw', { connectionMessages: waterMarks(10) });
  const stopped = await subscriber(t, endpoint, '/events?topic=t1');
  stopped.pause();
  await until(() => server.stats().connections === 1);
  const url = `http://${endpoint.host}:${endpoint.port}/publish`;
  while (server.stats().flow.refusedSubscribers === 0) {
    await fetch(url, { method: 'POST', headers: { 'x-topic': 't1' }, body: BODY });
  }
  await until(() => server.stats().flow.levelBytes === 0);
});

test('a client that comes back takes history up to the mark at a time, and is refused none of it', async (t) => {
  const { server, endpoint } = await startServer(t, 'sse', 'shared', { connectionMessages: waterMarks(10) });
  const url = `http://${endpoint.host}:${endpoint.port}/publish`;
  for (let n = 1; n <= 1_000; n += 100) {
    const records = Array.from({ length: 100 }, (_, i) =>
      fetch(url, { method: 'POST', headers: { 'x-topic': 't1' }, body: `m${n + i}` }),
    );
    for (const { status } of await Promise.all(records)) assert.equal(status, 202);
  }
  const socket = await subscriber(t, endpoint, '/events?topic=t1&lastEventId=0');
  let text = '';
  socket.setEncoding('latin1');
  socket.on('data', (chunk: string) => {
    text += chunk;
  });
  await until(() => text.includes('id: 1000\n'));
  assert.equal(text.match(/^id: \d+$/gm)?.length, 1_000);
  const { flow } = server.stats();
  assert.equal(flow.refusedSubscribers, 0);
  assert.ok(flow.peakConnectionMessages <= 10, `${flow.peakConnectionMessages}`);
});
