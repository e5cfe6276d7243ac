import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  connectRaw,
  idsOf,
  publish,
  publishBatch,
  range,
  readToEnd,
  type Subject,
  start,
  until,
} from './serverConformanceClient.ts';
import { PollClient, receivedOf } from './serverFixturePoll.ts';

const POLL = '/poll?topic=t1';
const HELD = /^push_polls_held (\d+)$/m;

/** What a server must do that holds requests. */
export function longPollTests(subject: Subject): void {
  test('tells a client without a cursor where to begin, at once', async (t) => {
    const { endpoint } = await start(t, subject, { encoding: 'json' });
    await publish(endpoint, 't1', 'before');
    const { status, headers, body } = await new PollClient(t, endpoint).poll(POLL);
    assert.deepEqual([status, headers['x-cursor']], [200, '1']);
    assert.deepEqual(JSON.parse(body.toString()), { cursor: 1, gap: null, events: [] });
  });

  test('answers 204 when the time of a request is over, with a cursor to go on from', async (t) => {
    const { endpoint } = await start(t, subject, { holdMs: 20 });
    for (let n = 0; n < 5; n++) await publish(endpoint, 't2', 'of another topic');
    const { status, headers, body } = await new PollClient(t, endpoint).poll(`${POLL}&cursor=0`);
    assert.deepEqual([status, headers['x-cursor'], body.length], [204, '5', 0]);
  });

  test('ends each request at its own time', async (t) => {
    const { endpoint } = await start(t, subject, { holdMs: 30 });
    const client = new PollClient(t, endpoint);
    const both = [client, new PollClient(t, endpoint)].map(async (each) => {
      for (let n = 0; n < 3; n++) assert.equal((await each.poll(`${POLL}&cursor=0`)).status, 204);
    });
    await Promise.all(both);
  });

  test('answers all who wait with all that came, and those who know some of it with the rest', async (t) => {
    const { endpoint, server } = await start(t, subject);
    const clients = range(1, 600).map(() => new PollClient(t, endpoint));
    const polls = clients.map((client) => client.poll(`${POLL}&cursor=0`));
    const held = new PollClient(t, endpoint);
    await until(() => server.stats().connections === 600);
    while (Number(HELD.exec((await held.poll('/metrics')).body.toString())?.[1]) < 600);
    await publishBatch(
      endpoint,
      range(1, 6).map((n) => [n % 2 === 0 ? 't2' : 't1', `m${n}`] as const),
    );
    const late = receivedOf(await held.poll(`${POLL}&cursor=3`));
    assert.deepEqual(idsOf(late), [5]);
    for (const answer of await Promise.all(polls)) {
      assert.equal(answer.headers['x-cursor'], '5');
      assert.deepEqual(idsOf(receivedOf(answer)), [1, 3, 5]);
    }
    assert.equal(server.stats().written, 600 * 3 + 1);
  });

  test('forgets a request whose client went away', async (t) => {
    const { endpoint, server } = await start(t, subject);
    const gone = new PollClient(t, endpoint);
    const poll = assert.rejects(gone.poll(`${POLL}&cursor=0`));
    await until(() => server.stats().connections === 1);
    gone.close();
    await poll;
    await until(() => server.stats().connections === 0);
    await publish(endpoint, 't1', 'nobody waits');
    const { body } = await new PollClient(t, endpoint).poll('/metrics');
    assert.equal(HELD.exec(body.toString())?.[1], '0');
    assert.equal(server.stats().written, 0);
  });

  test('holds one request of a connection, and cuts who asks ahead of the answer', async (t) => {
    const { endpoint, server } = await start(t, subject);
    const greedy = await connectRaw(t, endpoint);
    greedy.write(`GET ${POLL}&cursor=0 HTTP/1.1\r\nHost: x\r\n\r\n`.repeat(50));
    await readToEnd(greedy);
    await until(() => server.stats().connections === 0);
    assert.ok(server.stats().refused > 0);
    await publish(endpoint, 't1', 'nobody waits');
    assert.equal(server.stats().written, 0);
  });

  test('gives a client far behind its events in several answers', async (t) => {
    const { endpoint } = await start(t, subject);
    for (let n = 0; n < 3; n++) await publishBatch(endpoint, Array(10).fill(['t1', 'x'.repeat(100_000)]));
    const client = new PollClient(t, endpoint);
    const ids: number[] = [];
    let cursor = '0';
    let answers = 0;
    for (; ids.length < 30; answers++) {
      const answer = await client.poll(`${POLL}&cursor=${cursor}`);
      ids.push(...idsOf(receivedOf(answer)));
      cursor = String(answer.headers['x-cursor']);
    }
    assert.deepEqual(ids, range(1, 30));
    assert.equal(answers, 3);
  });

  test('lets pages of allowed origins read what they need to go on', async (t) => {
    const { endpoint } = await start(t, subject, { allowedOrigins: ['https://app.example'] });
    const client = new PollClient(t, endpoint, { origin: 'https://app.example' });
    const { headers } = await client.poll(POLL);
    assert.match(String(headers['access-control-expose-headers']), /X-Cursor/);
  });
}
