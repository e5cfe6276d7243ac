import assert from 'node:assert/strict';
import { test } from 'node:test';
import { publish, publishBatch, range, type Subject, start, textOf } from './serverConformanceClient.ts';
import { PollClient } from './serverFixturePoll.ts';

const STATE = '/state?topic=t1';
const BODIES = [
  'hello',
  '',
  'one\ntwo\r\n',
  'ä € 𝄞 \u2028',
  '\u0000\u001b',
  '{"a":1}',
  'x'.repeat(1_000_000),
];

/** What every variant must do whose answers show the newest state. */
export function stateTests(subject: Subject): void {
  const { subscribe } = subject.fixture;
  const isKept = subject.variant !== 'short';

  test('has nothing to show before the first message of the topic', async (t) => {
    const { endpoint, server } = await start(t, subject);
    await publish(endpoint, 't2', 'of another topic');
    const { status, body } = await new PollClient(t, endpoint).poll(STATE);
    assert.deepEqual([status, body.length], [204, 0]);
    assert.equal(server.stats().written, 0);
  });

  for (const encoding of ['text', 'json', 'protobuf'] as const) {
    test(`shows every body in ${encoding}`, async (t) => {
      const { endpoint } = await start(t, subject, { encoding });
      const reader = await subscribe(t, endpoint, { encoding });
      for (const body of BODIES) {
        const id = await publish(endpoint, 't1', body);
        const state = await reader.next();
        assert.equal(textOf(state), body);
        if (encoding !== 'text') assert.partialDeepStrictEqual(state, { id, topic: 't1' });
      }
    });
  }

  test('shows the newest of many, to each who asks, as often as they ask', async (t) => {
    const { endpoint, server } = await start(t, subject);
    await publishBatch(
      endpoint,
      range(1, 100).map((n) => [n % 2 === 0 ? 't1' : 't2', `m${n}`] as const),
    );
    for (const [topic, newest] of [
      ['t1', 'm100'],
      ['t2', 'm99'],
      ['t1', 'm100'],
    ]) {
      const { status, body } = await new PollClient(t, endpoint).poll(`/state?topic=${topic}`);
      assert.deepEqual([status, body.toString()], [200, newest]);
    }
    const { published, written } = server.stats();
    assert.deepEqual({ published, written }, { published: 100, written: 3 });
  });

  test('takes any topic that a message may have, and the default one', async (t) => {
    const { endpoint } = await start(t, subject);
    const client = new PollClient(t, endpoint);
    for (const topic of ['t2&x=%', 'a+b', '!', 'x'.repeat(128), 'default']) {
      await publish(endpoint, topic, `of ${topic}`);
      const { body } = await client.poll(`/state?topic=${encodeURIComponent(topic)}`);
      assert.equal(body.toString(), `of ${topic}`);
    }
    assert.equal((await client.poll('/state')).body.toString(), 'of default');
  });

  test('says whether the connection stays, and keeps to it', async (t) => {
    const { endpoint, server } = await start(t, subject, { keepAliveMs: 7_000 });
    await publish(endpoint, 't1', 'x');
    const client = new PollClient(t, endpoint);
    for (let n = 0; n < 3; n++) {
      const { headers } = await client.poll(STATE);
      assert.equal(headers.connection, isKept ? 'keep-alive' : 'close');
      assert.equal(headers['keep-alive'], isKept ? 'timeout=7' : undefined);
      assert.equal(headers['cache-control'], subject.variant === 'conditional' ? 'no-cache' : 'no-store');
    }
    assert.equal(server.stats().accepted, isKept ? 1 : 3);
  });

  test('answers only after the store has', async (t) => {
    const { endpoint, server } = await start(t, subject, { backendDelayMs: 50 });
    await publish(endpoint, 't1', 'old');
    const polls = Promise.all(range(1, 20).map(() => new PollClient(t, endpoint).poll(STATE)));
    // Published after the polls were sent and before any is answered: the store is read at the end of the delay.
    while (server.stats().connections < 20) await new Promise(setImmediate);
    await publish(endpoint, 't1', 'new');
    for (const { body } of await polls) assert.equal(body.toString(), 'new');
  });

  test('lets nobody wait for the store who has gone, and stops while it is read', async (t) => {
    const { endpoint, server } = await start(t, subject, { backendDelayMs: 60_000 });
    await publish(endpoint, 't1', 'x');
    const gone = new PollClient(t, endpoint);
    const waiting = new PollClient(t, endpoint);
    const polls = [gone.poll(STATE), waiting.poll(STATE)].map((poll) => assert.rejects(poll));
    while (server.stats().connections < 2) await new Promise(setImmediate);
    gone.close();
    while (server.stats().connections > 1) await new Promise(setImmediate);
    await server.stop();
    await Promise.all(polls);
    assert.equal(server.stats().written, 0);
  });
}

const CONDITIONS: readonly [ifNoneMatch: string, status: 200 | 304][] = [
  ['"2"', 304],
  ['W/"2"', 304],
  ['*', 304],
  ['"1", "2"', 304],
  ['"1",W/"2" ,"3"', 304],
  ['"1"', 200],
  ['2', 200],
  ['""', 200],
  ['"22"', 200],
  ['W/"1"', 200],
];

/** What entity tags promise (RFC 9110, section 13.1.2). */
export function conditionalTests(subject: Subject): void {
  for (const [condition, expected] of CONDITIONS) {
    test(`answers ${expected} to ${condition}`, async (t) => {
      const { endpoint } = await start(t, subject);
      await publish(endpoint, 't1', 'one');
      await publish(endpoint, 't1', 'two');
      const client = new PollClient(t, endpoint);
      const { status, headers, body } = await client.poll(STATE, { 'if-none-match': condition });
      assert.deepEqual([status, headers.etag], [expected, '"2"']);
      assert.equal(body.toString(), expected === 200 ? 'two' : '');
    });
  }

  test('counts what it shows, and what it does not', async (t) => {
    const { endpoint } = await start(t, subject);
    const client = new PollClient(t, endpoint);
    await client.poll(STATE);
    const id = await publish(endpoint, 't1', 'x');
    await client.poll(STATE);
    await client.poll(STATE, { 'if-none-match': `"${id}"` });
    await client.poll(STATE, { 'if-none-match': `"${id}"` });
    const text = (await client.poll('/metrics')).body.toString();
    for (const line of ['shown_total 1', 'empty_total 1', 'unchanged_total 2']) {
      assert.ok(text.includes(`push_polls_${line}\n`), line);
    }
  });
}
