import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import { DEFAULT_FLOW_LIMITS, waterMarks } from '../contract/flow.ts';
import { DEFAULT_SERVER_LIMITS, type ServerLimits, type ServerOptions } from '../contract/pushServer.ts';
import {
  connectRaw,
  exchange,
  publish,
  readToEnd,
  type Subject,
  start,
  textOf,
  until,
} from './serverConformanceClient.ts';
import type { Http1Subscription } from './serverFixture.ts';

function withLimits(limits: Partial<ServerLimits>): Pick<ServerOptions, 'limits'> {
  return { limits: { ...DEFAULT_SERVER_LIMITS, ...limits } };
}

export function limitTests(subject: Subject): void {
  const { fixture } = subject;
  const { http1, subscribe } = fixture;

  test('refuses streams above the limit of connections', async (t) => {
    const { endpoint, server } = await start(t, subject, withLimits({ maxConnections: 2 }));
    const subscribers = [await subscribe(t, endpoint), await subscribe(t, endpoint)];
    const { why, retryAfter } = await fixture.refusal(t, endpoint, '?topic=t1');
    assert.equal(why, 'full');
    assert.ok(retryAfter !== null && retryAfter > 0);
    assert.equal(server.stats().refused, 1);
    assert.equal(server.stats().connections, 2);

    for (const subscriber of subscribers) subscriber.close();
    if (subject.frees === 'at-failed-write') await publishUntil(() => server.stats().connections === 0);
    await until(() => server.stats().connections === 0);
    await subscribe(t, endpoint);

    async function publishUntil(isDone: () => boolean): Promise<void> {
      while (!isDone()) await publish(endpoint, 't1', 'anybody there?');
    }
  });

  test('frees a stream whose client went away', async (t) => {
    const { endpoint, server } = await start(t, subject);
    const leaving = await subscribe(t, endpoint);
    const staying = await subscribe(t, endpoint, { topic: 't2' });
    leaving.close();
    if (subject.frees === 'at-disconnect') {
      await until(() => server.stats().connections === 1);
      return;
    }
    // Messages of other topics are no writes to it: it stays, long after the disconnect was there to be seen.
    for (let n = 0; n < 20; n++) {
      await publish(endpoint, 't2', `m${n}`);
      await staying.next();
    }
    assert.equal(server.stats().connections, 2);
    while (server.stats().connections === 2) await publish(endpoint, 't1', 'anybody there?');
    assert.equal(server.stats().connections, 1);
  });

  if (http1 !== null) http1LimitTests(subject, http1);

  // A poller is answered, not streamed to: what it leaves unread is one answer.
  if (!fixture.isConnection) return;

  test('cuts a reader that stopped, and nobody else', async (t) => {
    const { endpoint, server } = await start(t, subject, {
      flow: { ...DEFAULT_FLOW_LIMITS, connectionBytes: waterMarks(65_536) },
    });
    await fixture.stopReading(t, endpoint);
    const reading = await subscribe(t, endpoint);
    await until(() => server.stats().connections === 2);
    // The kernel takes about 4 MB for a reader that stopped; the limit counts what comes on top.
    const body = 'x'.repeat(1_000_000);
    for (let n = 0; n < 40 && server.stats().slowReadersCut === 0; n++) {
      await publish(endpoint, 't1', body);
      assert.equal(textOf(await reading.next()).length, body.length);
    }
    const { slowReadersCut, connections } = server.stats();
    assert.deepEqual({ slowReadersCut, connections }, { slowReadersCut: 1, connections: 1 });
    await publish(endpoint, 't1', 'still here');
    assert.equal(textOf(await reading.next()), 'still here');
  });
}

/** What is refused, and when, where a subscription is a request of HTTP/1.1. */
function http1LimitTests(subject: Subject, http1: Http1Subscription): void {
  const REQUEST = http1.request('?topic=t1');

  test('refuses a head that is too large', async (t) => {
    const { endpoint, server } = await start(t, subject);
    const socket = await connectRaw(t, endpoint);
    socket.write(`GET ${http1.path} HTTP/1.1\r\nHost: x\r\nX-Large: ${'x'.repeat(9_000)}\r\n\r\n`);
    assert.match(await readToEnd(socket), /^HTTP\/1\.1 431 /);
    assert.equal(server.stats().refused, 1);
  });

  test('ends connections whose head does not come, or never ends', async (t) => {
    const { endpoint, server } = await start(t, subject, withLimits({ headerTimeoutMs: 200 }));
    const silent = await connectRaw(t, endpoint);
    const slow = await connectRaw(t, endpoint);
    slow.write(REQUEST.slice(0, 30));
    const answers = await Promise.all([readToEnd(silent), readToEnd(slow)]);
    for (const answer of answers) assert.match(answer, /^HTTP\/1\.1 408 /);
    assert.equal(server.stats().refused, 2);
  });

  test('refuses what is no HTTP', async (t) => {
    const { endpoint } = await start(t, subject);
    for (const bytes of [
      '\u0016\u0003\u0001\u0002',
      `GET ${http1.path} HTTP/1.1\r\n\r\n`,
      `GET ${http1.path} HTTP/1.1\r\n bad\r\n\r\n`,
    ]) {
      const socket = await connectRaw(t, endpoint);
      socket.write(bytes, 'latin1');
      assert.match(await readToEnd(socket), /^HTTP\/1\.1 400 /);
    }
  });

  test('reads a head that comes in pieces', async (t) => {
    const { endpoint } = await start(t, subject);
    const socket = await connectRaw(t, endpoint);
    socket.setEncoding('latin1');
    socket.write(REQUEST.slice(0, 17));
    // The server has the first piece before the second is sent: it answers another connection in between.
    await exchange(endpoint, '/healthz');
    socket.write(REQUEST.slice(17));
    const [chunk] = await once(socket, 'data');
    assert.match(chunk, http1.accepted);
  });

  if (!subject.fixture.isConnection) return;

  test('opens a stream on a connection that was used before', async (t) => {
    const { endpoint, server } = await start(t, subject);
    const socket = await connectRaw(t, endpoint);
    socket.setEncoding('latin1');
    let text = '';
    socket.on('data', (chunk: string) => {
      text += chunk;
    });
    socket.write('GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n');
    await until(() => text.includes('ok\n'));
    socket.write(REQUEST);
    await until(() => server.stats().connections === 1);
    await publish(endpoint, 't1', 'hello');
    await until(() => text.includes('hello'));
  });
}
