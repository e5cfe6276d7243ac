import assert from 'node:assert/strict';
import { test } from 'node:test';
import { EventMessage } from '../servers/encoding.ts';
import { publish, publishBatch, type Subject, start } from './serverConformanceClient.ts';
import { idsOf, openStream, range } from './serverConformanceStream.ts';

/** Bodies whose framing goes wrong easily. A client sees every line end as LF (WHATWG HTML 9.2.6). */
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
  ['almost 5 kB', 'x'.repeat(4_990)],
  ['a megabyte', `${'0123456789abcde\n'.repeat(65_535)}end`],
];

export function deliveryTests(subject: Subject): void {
  test('frames every body so that the client gets it back', async (t) => {
    const { endpoint } = await start(t, subject);
    const stream = await openStream(t, endpoint);
    for (const [what, body] of BODIES) {
      const id = await publish(endpoint, 't1', body);
      const event = await stream.next();
      assert.equal(event.data, body.replaceAll(/\r\n|\r/g, '\n'), what);
      assert.equal(event.id, String(id), what);
      assert.equal(event.event, 'message', what);
    }
  });

  test('wraps every body in JSON', async (t) => {
    const { endpoint } = await start(t, subject, { encoding: 'json' });
    const stream = await openStream(t, endpoint);
    for (const [what, body] of BODIES) {
      const id = await publish(endpoint, 't1', body);
      assert.deepEqual(JSON.parse((await stream.next()).data), { id, topic: 't1', data: body }, what);
    }
  });

  test('wraps every body in Protobuf, bytes that are no UTF-8 too', async (t) => {
    const { endpoint } = await start(t, subject, { encoding: 'protobuf' });
    const stream = await openStream(t, endpoint);
    const bodies = [
      ...BODIES.map(([, body]) => Buffer.from(body)),
      Buffer.from([0xff, 0x00, 0xc3, 0x0a, 0x0d]),
    ];
    for (const body of bodies) {
      const id = await publish(endpoint, 't1', body);
      const event = EventMessage.toObject(
        EventMessage.decode(Buffer.from((await stream.next()).data, 'base64')),
        {
          longs: Number,
          defaults: true,
        },
      );
      assert.equal(event.id, id);
      assert.equal(event.topic, 't1');
      assert.ok(body.equals(event.data), `${body.length} bytes came back as ${event.data.length}`);
    }
  });

  test('delivers a message to the subscribers of its topic and to nobody else', async (t) => {
    const { endpoint, server } = await start(t, subject);
    const [first, second, other, plain] = [
      await openStream(t, endpoint, { topic: 't1' }),
      await openStream(t, endpoint, { topic: 't1' }),
      await openStream(t, endpoint, { topic: 't2&x=%' }),
      await openStream(t, endpoint, { topic: 'default' }),
    ];
    await publish(endpoint, 't1', 'for t1');
    await publish(endpoint, 't2&x=%', 'for the odd one');
    await publish(endpoint, 'default', 'for default');
    await publish(endpoint, 'nobody', 'for nobody');
    assert.equal((await first.next()).data, 'for t1');
    assert.equal((await second.next()).data, 'for t1');
    assert.equal((await other.next()).data, 'for the odd one');
    assert.equal((await plain.next()).data, 'for default');
    const { published, written, connections } = server.stats();
    assert.deepEqual({ published, written, connections }, { published: 4, written: 4, connections: 4 });
  });

  test('counts ids from 1 over all topics and keeps the order of publishing', async (t) => {
    const { endpoint } = await start(t, subject);
    const stream = await openStream(t, endpoint);
    const records = range(1, 2_000).map((n) => ['t1', `message ${n}`] as const);
    await publishBatch(endpoint, records);
    assert.equal(await publish(endpoint, 't2', 'another topic'), 2_001);
    assert.equal(await publish(endpoint, 't1', 'message 2002'), 2_002);
    const events = await stream.take(2_001);
    assert.deepEqual(idsOf(events), [...range(1, 2_000), 2_002]);
    assert.ok(events.every(({ id, data }) => data === `message ${id}`));
  });

  test('serves every address it listens on, as one', async (t) => {
    const listen = ['127.0.0.1', '127.0.0.2'].map((host) => ({ host, port: 0 }));
    const { endpoints } = await start(t, subject, { listen });
    assert.deepEqual(
      endpoints.map(({ host }) => host),
      ['127.0.0.1', '127.0.0.2'],
    );
    const streams = [await openStream(t, endpoints[0]), await openStream(t, endpoints[1])];
    await publish(endpoints[1], 't1', 'both');
    for (const stream of streams) assert.equal((await stream.next()).data, 'both');
  });

  test('tells the reconnect delay where there is one', async (t) => {
    const { endpoint } = await start(t, subject, { retryMs: 1_234 });
    const stream = await openStream(t, endpoint);
    await publish(endpoint, 't1', 'after the head');
    await stream.next();
    assert.equal(stream.retryMs, 1_234);
  });

  test('beats by comment', async (t) => {
    const { endpoint, server } = await start(t, subject, { heartbeat: 'comment', heartbeatMs: 20 });
    const streams = [await openStream(t, endpoint), await openStream(t, endpoint, { topic: 't2' })];
    for (const stream of streams) {
      await stream.waitFor(() => stream.comments.filter((comment) => comment === 'ping').length >= 2);
    }
    assert.equal(server.stats().written, 0, 'a heartbeat is no message');
  });

  test('beats by named event that leaves the last id alone', async (t) => {
    const { endpoint } = await start(t, subject, { heartbeat: 'event', heartbeatMs: 20 });
    const stream = await openStream(t, endpoint);
    for (const { event, id } of await stream.take(2)) {
      assert.equal(event, 'heartbeat');
      assert.equal(id, null);
    }
  });
}
