import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { ClientHttp2Session, IncomingHttpHeaders, OutgoingHttpHeaders } from 'node:http2';
import { test } from 'node:test';
import { PUBLISH_PATH } from '../contract/ingest.ts';
import { DEFAULT_SERVER_LIMITS } from '../contract/pushServer.ts';
import {
  connectRaw,
  publish,
  readToEnd,
  type Subject,
  start,
  textOf,
  until,
} from './serverConformanceClient.ts';
import { connectH2, type H2Head, openH2Stream } from './serverFixtureSseH2.ts';

async function answerOf(
  session: ClientHttp2Session,
  headers: OutgoingHttpHeaders,
  body = '',
): Promise<{ status: number | undefined; headers: IncomingHttpHeaders; text: string }> {
  const stream = session.request(headers, { endStream: body === '' });
  if (body !== '') stream.end(body);
  const [head]: H2Head[] = await once(stream, 'response');
  stream.setEncoding('utf8');
  let text = '';
  for await (const chunk of stream) text += chunk;
  return { status: head[':status'], headers: head, text };
}

/** What event streams over HTTP/2 have to keep. */
export function http2Tests(subject: Subject): void {
  test('serves many event streams on one connection, and ends each by itself', async (t) => {
    const { endpoint, server } = await start(t, subject);
    const session = connectH2(t, endpoint);
    const readers = await Promise.all(Array.from({ length: 100 }, () => openH2Stream(session)));
    assert.equal(server.stats().connections, 100);
    readers[0].close();
    await until(() => server.stats().connections === 99);
    await publish(endpoint, 't1', 'to all');
    for (const reader of readers.slice(1)) assert.equal(textOf(await reader.next()), 'to all');
  });

  test('takes what a client says on the connection of its stream', async (t) => {
    const { endpoint } = await start(t, subject);
    const session = connectH2(t, endpoint);
    const reader = await openH2Stream(session, { topic: 'room' });
    const said = { ':method': 'POST', ':path': PUBLISH_PATH, 'x-topic': 'room' };
    const answer = await answerOf(session, said, 'hello');
    assert.deepEqual([answer.status, answer.text], [202, '{"accepted":1,"lastId":1}']);
    assert.equal(textOf(await reader.next()), 'hello');
    assert.equal((await answerOf(session, { ...said, 'x-kind': 'typing' }, 'Ada')).status, 202);
    await until(() => reader.others.length === 1 || reader.comments.length > 1);
    assert.deepEqual(reader.others, [{ event: 'typing', id: null, data: 'Ada' }]);
  });

  test('answers what it does not serve, and lets no foreign web page publish', async (t) => {
    const { endpoint } = await start(t, subject, { allowedOrigins: ['https://app.example'] });
    const session = connectH2(t, endpoint);
    const post = { ':method': 'POST', ':path': PUBLISH_PATH };
    assert.equal((await answerOf(session, { ':path': '/nowhere' })).status, 404);
    assert.equal((await answerOf(session, { ...post, ':path': '/events' })).headers.allow, 'GET');
    assert.equal((await answerOf(session, { ':path': PUBLISH_PATH })).headers.allow, 'POST');
    assert.equal((await answerOf(session, { ...post, origin: 'https://evil.example' })).status, 403);
    const asked = { ':method': 'OPTIONS', ':path': PUBLISH_PATH, origin: 'https://app.example' };
    const preflight = await answerOf(session, asked);
    assert.equal(preflight.status, 204);
    assert.match(preflight.headers['access-control-allow-headers'] ?? '', /X-Kind, X-Topic/);
    const allowed = await answerOf(session, { ...post, origin: 'https://app.example' }, 'x');
    assert.equal(allowed.status, 202);
    assert.equal(allowed.headers['access-control-allow-origin'], 'https://app.example');
  });

  test('survives what is no HTTP/2, and counts who says nothing', async (t) => {
    const limits = { ...DEFAULT_SERVER_LIMITS, headerTimeoutMs: 100 };
    const { endpoint, server } = await start(t, subject, { limits });
    const reader = await openH2Stream(connectH2(t, endpoint));
    const silent = await connectRaw(t, endpoint);
    const junk = await connectRaw(t, endpoint);
    junk.write('GET /events HTTP/1.1\r\nHost: x\r\n\r\n');
    await Promise.all([readToEnd(silent), readToEnd(junk)]);
    assert.equal(server.stats().refused, 1);
    await publish(endpoint, 't1', 'undisturbed');
    assert.equal(textOf(await reader.next()), 'undisturbed');
  });

  test('refuses a head over the limit and a stream over the bound of a connection', async (t) => {
    const { endpoint } = await start(t, subject);
    const session = connectH2(t, endpoint);
    await once(session, 'remoteSettings');
    assert.equal(session.remoteSettings.maxConcurrentStreams, 1_000);
    assert.equal(session.remoteSettings.maxHeaderListSize, DEFAULT_SERVER_LIMITS.maxHeaderBytes);
    const large = { ':path': '/events', 'x-large': 'x'.repeat(20_000) };
    const stream = session.request(large);
    const outcome = await Promise.race([
      once(stream, 'response').then(([head]) => String(head[':status'])),
      new Promise<string>((resolve) => stream.on('error', (error) => resolve(error.message))),
    ]);
    assert.doesNotMatch(outcome, /^200/);
  });
}
