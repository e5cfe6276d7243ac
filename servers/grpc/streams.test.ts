import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import { type ServiceError, status } from '@grpc/grpc-js';
import { DEFAULT_FLOW_LIMITS } from '../../contract/flow.ts';
import { EVENT_KIND } from '../../contract/grpc.ts';
import {
  exchange,
  publish,
  publishBatch,
  range,
  type Subject,
  start,
  textOf,
  until,
} from '../../test/serverConformanceClient.ts';
import { grpcClient, grpcFixture } from '../../test/serverFixtureGrpc.ts';
import { EmbeddedHub } from '../bus/embedded/hub.ts';
import { methodOf } from './pushProto.ts';

const FIXTURE = grpcFixture('Subscribe');
const subjectOf = (variant: string): Subject => ({
  stage: 'grpc',
  variant,
  fixture: FIXTURE,
  frees: 'at-disconnect',
});
const SUBSCRIBE = methodOf('Subscribe');
const PUBLISH = methodOf('Publish');

for (const variant of ['server-stream', 'prepared']) {
  test(`${variant} beats by an event that has no id and is no message`, async (t) => {
    const { endpoint, server } = await start(t, subjectOf(variant), { heartbeat: 'event', heartbeatMs: 20 });
    const { path, requestSerialize, responseDeserialize } = SUBSCRIBE;
    const stream = grpcClient(t, endpoint).makeServerStreamRequest(
      path,
      requestSerialize,
      responseDeserialize,
      {
        topic: 't1',
      },
    );
    stream.on('error', () => {});
    for (let n = 0; n < 2; n++) {
      const [{ id, kind }] = await once(stream, 'data');
      assert.deepEqual({ id, kind }, { id: '0', kind: EVENT_KIND.heartbeat });
    }
    assert.equal(server.stats().written, 0);
  });

  test(`${variant} refuses a slow reader once, however much a batch still has for it`, async (t) => {
    const connectionMessages = { high: 16, low: 8 };
    const { endpoint, server } = await start(t, subjectOf(variant), {
      flow: { ...DEFAULT_FLOW_LIMITS, connectionMessages },
    });
    await FIXTURE.stopReading(t, endpoint);
    await until(() => server.stats().connections === 1);
    await publishBatch(
      endpoint,
      range(1, 500).map((n) => ['t1', `${n} ${'x'.repeat(1_000)}`] as const),
    );
    await until(() => server.stats().connections === 0);
    assert.equal(server.stats().slowReadersCut, 1);
  });
}

test('streams that share a connection are subscribers of their own', async (t) => {
  const { endpoint, server } = await start(t, subjectOf('server-stream'));
  const client = grpcClient(t, endpoint);
  const { path, requestSerialize, responseDeserialize } = SUBSCRIBE;
  const streams = await Promise.all(
    range(1, 50).map(async (n) => {
      const stream = client.makeServerStreamRequest(path, requestSerialize, responseDeserialize, {
        topic: n % 2 === 0 ? 'even' : 'odd',
      });
      stream.on('error', () => {});
      await once(stream, 'metadata');
      return stream;
    }),
  );
  assert.equal(server.stats().connections, 50);
  const { body } = await exchange(endpoint, '/metrics');
  assert.match(body, /push_handshake_duration_seconds_count 1\n/, 'one connection, one handshake');
  const came = Promise.all(streams.filter((_, i) => i % 2 === 1).map((stream) => once(stream, 'data')));
  await publish(endpoint, 'even', 'hello');
  assert.ok((await came).every(([{ data }]) => String(data) === 'hello'));
  assert.equal(server.stats().written, 25);
  for (const stream of streams.slice(0, 20)) stream.cancel();
  await until(() => server.stats().connections === 30);
});

test('a publish that is under way when the instance drains is answered, or may go elsewhere', async (t) => {
  const hub = new EmbeddedHub();
  t.after(() => hub.stop());
  const busUrl = await hub.listen();
  const leaving = await start(t, subjectOf('server-stream'), { busUrl, nodeId: 'n1' });
  const staying = await start(t, subjectOf('server-stream'), { busUrl, nodeId: 'n2' });
  const subscriber = await FIXTURE.subscribe(t, staying.endpoint);
  const client = grpcClient(t, leaving.endpoint);
  const { path, requestSerialize, responseDeserialize } = PUBLISH;
  const call = (text: string): Promise<string | null> =>
    new Promise((resolve, reject) => {
      const request = { topic: 't1', data: [Buffer.from(text)] };
      client.makeUnaryRequest(
        path,
        requestSerialize,
        responseDeserialize,
        request,
        (error: ServiceError | null) => {
          if (error === null) resolve(text);
          else if (error.code === status.UNAVAILABLE) resolve(null);
          else reject(error);
        },
      );
    });
  assert.equal(await call('first'), 'first');
  const calls = range(1, 200).map((n) => call(`m${n}`));
  const drained = leaving.server.drain?.(2_000);
  const taken = (await Promise.all(calls)).filter((text) => text !== null);
  await drained;
  const received = (await subscriber.take(taken.length + 1)).map(textOf);
  assert.deepEqual(received.sort(), ['first', ...taken].sort());
});
