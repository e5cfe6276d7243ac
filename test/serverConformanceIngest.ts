import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BATCH_CONTENT_TYPE, PUBLISH_PATH, TOPIC_HEADER } from '../contract/ingest.ts';
import { DEFAULT_SERVER_LIMITS } from '../contract/pushServer.ts';
import {
  connectRaw,
  exchange,
  httpOf,
  publish,
  publishBatch,
  readToEnd,
  type Subject,
  start,
  textOf,
} from './serverConformanceClient.ts';

const DAMAGED_BATCHES: readonly (readonly [what: string, body: string])[] = [
  ['nothing', ''],
  ['no length', 't1\nabc\n'],
  ['a length that is no number', 't1 x\nabc\n'],
  ['a negative length', 't1 -1\nabc\n'],
  ['a length beyond the end', 't1 4\nabc\n'],
  ['a length too short', 't1 2\nabc\n'],
  ['no last line end', 't1 3\nabc'],
  ['no topic', ' 3\nabc\n'],
  ['a topic too long', `${'t'.repeat(129)} 3\nabc\n`],
  ['a good record and a damaged one', 't1 3\nabc\nt1 9\nabc\n'],
];

export function ingestTests(subject: Subject): void {
  test('answers with the count and the last id', async (t) => {
    const { endpoint, server } = await start(t, subject);
    assert.equal(await publish(endpoint, 't1', 'one'), 1);
    const answer = await publishBatch(endpoint, [
      ['t1', 'two'],
      ['t2', ''],
      ['t1', 'fo\nur'],
    ]);
    assert.equal(answer.status, 202);
    assert.deepEqual(JSON.parse(answer.body), { accepted: 3, lastId: 4 });
    assert.equal(server.stats().published, 4);
  });

  test('takes the default topic where none is named', async (t) => {
    const { endpoint } = await start(t, subject);
    const subscriber = await subject.fixture.subscribe(t, endpoint, { topic: 'default' });
    const answer = await exchange(endpoint, PUBLISH_PATH, { method: 'POST', body: 'plain' });
    assert.equal(answer.status, 202);
    assert.equal(textOf(await subscriber.next()), 'plain');
  });

  test('answers pipelined publishes in order', async (t) => {
    const { endpoint } = await start(t, subject);
    const socket = await connectRaw(t, httpOf(endpoint));
    const post = (close: string): string =>
      `POST /publish HTTP/1.1\r\nHost: x\r\n${close}X-Topic: t1\r\nContent-Length: 3\r\n\r\nabc`;
    socket.write(post('') + post('') + post('Connection: close\r\n'));
    const ids = [...(await readToEnd(socket)).matchAll(/"lastId":(\d+)/g)].map(([, id]) => id);
    assert.deepEqual(ids, ['1', '2', '3']);
  });

  for (const [what, body] of DAMAGED_BATCHES) {
    test(`takes nothing of a damaged batch: ${what}`, async (t) => {
      const { endpoint, server } = await start(t, subject);
      const headers = { 'content-type': BATCH_CONTENT_TYPE };
      const answer = await exchange(endpoint, PUBLISH_PATH, { method: 'POST', headers, body });
      assert.equal(answer.status, 400);
      assert.match(answer.body, /record|batch/);
      assert.equal(server.stats().published, 0);
    });
  }

  test('refuses topics that fit no header, URL or batch', async (t) => {
    const { endpoint } = await start(t, subject);
    for (const topic of ['a b', 't'.repeat(129), 'ü']) {
      const headers = { [TOPIC_HEADER]: topic };
      const published = await exchange(endpoint, PUBLISH_PATH, { method: 'POST', headers, body: 'x' });
      assert.equal(published.status, 400, topic);
      const query = `?topic=${encodeURIComponent(topic)}`;
      assert.equal((await subject.fixture.refusal(t, endpoint, query)).why, 'invalid', topic);
    }
    if (subject.fixture.http1 === null) return;
    assert.equal((await subject.fixture.refusal(t, endpoint, '?topic=a&topic=b')).why, 'invalid');
  });

  test('takes a body at the limit, and closes on one above it', async (t) => {
    const limits = { ...DEFAULT_SERVER_LIMITS, maxPublishBytes: 1_000 };
    const { endpoint, server } = await start(t, subject, { limits });
    await publish(endpoint, 't1', 'x'.repeat(1_000));

    const declared = await exchange(endpoint, PUBLISH_PATH, { method: 'POST', body: 'x'.repeat(1_001) });
    assert.equal(declared.status, 413);
    assert.equal(declared.headers.connection, 'close');

    const headers = { 'transfer-encoding': 'chunked' };
    const chunked = await exchange(endpoint, PUBLISH_PATH, {
      method: 'POST',
      headers,
      body: 'x'.repeat(1_001),
    });
    assert.equal(chunked.status, 413);
    assert.equal(server.stats().published, 1);
  });

  test('lets no foreign web page publish', async (t) => {
    const { endpoint } = await start(t, subject, { allowedOrigins: ['https://app.example'] });
    const post = async (origin: string): Promise<number> => {
      const headers = { origin };
      return (await exchange(endpoint, PUBLISH_PATH, { method: 'POST', headers, body: 'x' })).status;
    };
    assert.equal(await post('https://evil.example'), 403);
    assert.equal(await post('https://app.example'), 202);
    const { host, port } = httpOf(endpoint);
    assert.equal(await post(`http://${host}:${port}`), 202);
  });
}
