import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  idsOf,
  publish,
  publishBatch,
  range,
  type Subject,
  start,
  textOf,
} from './serverConformanceClient.ts';

/** Bodies whose framing goes wrong easily. */
const BODIES: readonly (readonly [what: string, body: string])[] = [
  ['one line', 'hello'],
  ['nothing at all', ''],
  ['several lines', 'one\ntwo\n\nfour'],
  ['a line end at the end', 'one\n'],
  ['line ends only', '\n\n'],
  ['bare CR', 'one\rtwo\r'],
  ['CRLF', 'one\r\ntwo\r\n\r\nfour'],
  ['leading blanks', '  two blanks'],
  ['what looks like fields', 'id: 7\nevent: gap\nretry: 1\n: comment\ndata: x'],
  ['all of Unicode', 'ä € 𝄞 \u2028 \u0085 שלום'],
  ['control characters', '\u0000\u0001\t\u001b[31m\u007f'],
  ['what looks like JSON', '{"type":"gap","from":1,"to":2}'],
  ['100 bytes', 'x'.repeat(100)],
  ['125 bytes', 'x'.repeat(125)],
  ['126 bytes', 'x'.repeat(126)],
  ['4_990 bytes', 'x'.repeat(4_990)],
  ['65_530 bytes', 'x'.repeat(65_530)],
  ['65_536 bytes', 'x'.repeat(65_536)],
  ['a megabyte', `${'0123456789abcde\n'.repeat(65_535)}end`],
];

export function deliveryTests(subject: Subject): void {
  const { subscribe, arrives, carriesBytes } = subject.fixture;

  test('frames every body so that the client gets it back', async (t) => {
    const { endpoint } = await start(t, subject);
    const subscriber = await subscribe(t, endpoint);
    for (const [what, body] of BODIES) {
      const id = await publish(endpoint, 't1', body);
      const message = await subscriber.next();
      assert.equal(textOf(message), arrives(body), what);
      assert.deepEqual(idsOf([message]), [id], what);
    }
  });

  for (const encoding of ['json', 'protobuf'] as const) {
    test(`wraps every body in ${encoding}`, async (t) => {
      const { endpoint } = await start(t, subject, { encoding });
      const subscriber = await subscribe(t, endpoint, { encoding });
      for (const [what, text] of BODIES) {
        const id = await publish(endpoint, 't1', text);
        const body = Buffer.from(text);
        assert.deepEqual(await subscriber.next(), { kind: 'message', id, topic: 't1', body }, what);
      }
    });
  }

  test('carries bytes that are no UTF-8 in Protobuf', async (t) => {
    const { endpoint } = await start(t, subject, { encoding: 'protobuf' });
    const subscriber = await subscribe(t, endpoint, { encoding: 'protobuf' });
    const body = Buffer.from([0xff, 0x00, 0xc3, 0x0a, 0x0d]);
    await publish(endpoint, 't1', body);
    assert.deepEqual(await subscriber.next(), { kind: 'message', id: 1, topic: 't1', body });
  });

  for (const encoding of ['json', 'text'] as const) {
    test(`makes UTF-8 of a body that is none, or leaves it as it is, for ${encoding}`, async (t) => {
      const { endpoint } = await start(t, subject, { encoding });
      const subscriber = await subscribe(t, endpoint, { encoding });
      const body = Buffer.from([0x61, 0xff, 0x62]);
      await publish(endpoint, 't1', body);
      const received = await subscriber.next();
      assert.equal(textOf(received), 'a\ufffdb');
      if (carriesBytes && received.kind === 'message') assert.deepEqual(received.body, body);
    });
  }

  test('delivers a message to the subscribers of its topic and to nobody else', async (t) => {
    const { endpoint, server } = await start(t, subject);
    const [first, second, other, plain] = [
      await subscribe(t, endpoint, { topic: 't1' }),
      await subscribe(t, endpoint, { topic: 't1' }),
      await subscribe(t, endpoint, { topic: 't2&x=%' }),
      await subscribe(t, endpoint, { topic: 'default' }),
    ];
    await publish(endpoint, 't1', 'for t1');
    await publish(endpoint, 't2&x=%', 'for the odd one');
    await publish(endpoint, 'default', 'for default');
    await publish(endpoint, 'nobody', 'for nobody');
    assert.equal(textOf(await first.next()), 'for t1');
    assert.equal(textOf(await second.next()), 'for t1');
    assert.equal(textOf(await other.next()), 'for the odd one');
    assert.equal(textOf(await plain.next()), 'for default');
    const { published, written, connections } = server.stats();
    assert.deepEqual({ published, written }, { published: 4, written: 4 });
    if (subject.fixture.isConnection) assert.equal(connections, 4);
  });

  test('counts ids from 1 over all topics and keeps the order of publishing', async (t) => {
    const { endpoint } = await start(t, subject);
    const subscriber = await subscribe(t, endpoint);
    const records = range(1, 2_000).map((n) => ['t1', `message ${n}`] as const);
    await publishBatch(endpoint, records);
    assert.equal(await publish(endpoint, 't2', 'another topic'), 2_001);
    assert.equal(await publish(endpoint, 't1', 'message 2002'), 2_002);
    const messages = await subscriber.take(2_001);
    assert.deepEqual(idsOf(messages), [...range(1, 2_000), 2_002]);
    assert.ok(messages.every((message) => textOf(message) === `message ${idsOf([message])[0]}`));
  });

  test('serves every address it listens on, as one', async (t) => {
    const listen = ['127.0.0.1', '127.0.0.2'].map((host) => ({ host, port: 0 }));
    const { endpoints } = await start(t, subject, { listen });
    assert.deepEqual(
      endpoints.map(({ host }) => host),
      ['127.0.0.1', '127.0.0.2'],
    );
    const subscribers = [await subscribe(t, endpoints[0]), await subscribe(t, endpoints[1])];
    await publish(endpoints[1], 't1', 'both');
    for (const subscriber of subscribers) assert.equal(textOf(await subscriber.next()), 'both');
  });
}
