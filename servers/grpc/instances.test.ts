import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { DEFAULT_SERVER_OPTIONS, type ServerOptions } from '../../contract/pushServer.ts';
import {
  ANY_PORT,
  idsOf,
  publish,
  publishBatch,
  type Running,
  range,
  type Subject,
  start,
  textOf,
  until,
} from '../../test/serverConformanceClient.ts';
import { grpcFixture } from '../../test/serverFixtureGrpc.ts';
import { EmbeddedHub } from '../bus/embedded/hub.ts';
import { createServer } from '../registry.ts';

const FIXTURE = grpcFixture('Subscribe');
const SUBJECT: Subject = {
  stage: 'grpc',
  variant: 'server-stream',
  fixture: FIXTURE,
  frees: 'at-disconnect',
};

/** Instances of one service are started by it, one after the other. */
async function service(t: TestContext): Promise<(options?: Partial<ServerOptions>) => Promise<Running>> {
  const hub = new EmbeddedHub();
  t.after(() => hub.stop());
  const busUrl = await hub.listen();
  let count = 0;
  return (options = {}) => start(t, SUBJECT, { busUrl, nodeId: `n${++count}`, ...options });
}

test('a message published at any instance reaches the subscribers of all, under one id', async (t) => {
  const instance = await service(t);
  const instances = [await instance(), await instance(), await instance()];
  const subscribers = await Promise.all(instances.map(({ endpoint }) => FIXTURE.subscribe(t, endpoint)));
  for (const [i, { endpoint }] of instances.entries()) {
    assert.equal(await publish(endpoint, 't1', `m${i}`), i + 1);
  }
  for (const subscriber of subscribers) assert.deepEqual(idsOf(await subscriber.take(3)), [1, 2, 3]);
  const { bus } = instances[0].server.stats();
  assert.equal(bus?.received, 3);
});

test('a client goes on at another instance where it left off', async (t) => {
  const instance = await service(t);
  const [first, second] = [await instance(), await instance()];
  const before = await FIXTURE.subscribe(t, first.endpoint);
  await publish(first.endpoint, 't1', 'seen');
  assert.deepEqual(idsOf(await before.take(1)), [1]);
  await first.server.drain?.(2_000);
  await before.closed();
  for (const n of [2, 3]) await publish(second.endpoint, 't1', `missed ${n}`);
  const after = await FIXTURE.subscribe(t, second.endpoint, { lastEventId: '1' });
  assert.deepEqual(idsOf(await after.take(2)), [2, 3]);
});

test('an instance that is stopped while it joins the others leaves no connection to them', async (t) => {
  const hub = new EmbeddedHub();
  t.after(() => hub.stop());
  const busUrl = await hub.listen();
  const connections = () =>
    process.getActiveResourcesInfo().filter((each) => each === 'TCPSocketWrap').length;
  const before = connections();
  for (const turns of [0, 1, 2]) {
    const server = await createServer('grpc', 'server-stream');
    const starting = server.start({ ...DEFAULT_SERVER_OPTIONS, listen: [ANY_PORT], busUrl });
    // Rejected, or started before: the turn in which the hub answers is nobody's promise.
    const settled = starting.catch(() => {});
    for (let turn = 0; turn < turns; turn++) await new Promise(setImmediate);
    await server.stop();
    await settled;
  }
  await until(() => connections() <= before);
});

test('an instance that starts late has what was published before it', async (t) => {
  const instance = await service(t);
  const first = await instance();
  await publishBatch(
    first.endpoint,
    range(1, 50).map((n) => ['t1', `m${n}`] as const),
  );
  const late = await instance();
  const subscriber = await FIXTURE.subscribe(t, late.endpoint, { lastEventId: '20' });
  assert.deepEqual(idsOf(await subscriber.take(30)), range(21, 50));
  assert.equal(late.server.stats().gaps, 0);
});

test('loses and repeats nothing while instances drain one after the other under load', async (t) => {
  const instance = await service(t);
  let instances = [await instance(), await instance()];
  const total = 2_000;
  const publisher = await instance();
  const publishing = (async () => {
    for (let n = 1; n <= total; n += 20) {
      const records = range(n, n + 19).map((id) => ['t1', String(id)] as const);
      await publishBatch(publisher.endpoint, records);
    }
  })();
  const got: number[] = [];
  let moves = 0;
  while (got.length < total) {
    const [leaving, staying] = instances;
    const seen = got.length === 0 ? {} : { lastEventId: String(got.at(-1)) };
    const subscriber = await FIXTURE.subscribe(
      t,
      leaving.endpoint,
      got.length === 0 ? { lastEventId: '0' } : seen,
    );
    const wanted = Math.min(300, total - got.length);
    got.push(...idsOf(await subscriber.take(wanted)));
    const drained = leaving.server.drain?.(2_000);
    // What was under way to it still comes; then it is told to go.
    for (;;) {
      try {
        got.push(...idsOf(await subscriber.take(1)));
      } catch {
        break;
      }
    }
    await drained;
    instances = [staying, await instance()];
    moves++;
  }
  await publishing;
  assert.deepEqual(got, range(1, total));
  assert.ok(moves >= 2, `only ${moves} moves`);
});

test('refuses new streams once it drains, and ends nobody else', async (t) => {
  const instance = await service(t);
  const [first, second] = [await instance(), await instance()];
  const staying = await FIXTURE.subscribe(t, second.endpoint);
  await first.server.drain?.(100);
  await assert.rejects(FIXTURE.subscribe(t, first.endpoint), /UNAVAILABLE/);
  assert.equal(first.server.stats().connections, 0);
  // Posts are still taken: an instance that is drained is not stopped yet.
  await publish(first.endpoint, 't1', 'from one that goes');
  assert.equal(textOf(await staying.next()), 'from one that goes');
  await until(() => second.server.stats().connections === 1);
});

test('drains in time where a client does not go', async (t) => {
  const instance = await service(t);
  const { endpoint, server } = await instance();
  await FIXTURE.stopReading(t, endpoint);
  await until(() => server.stats().connections === 1);
  const body = 'x'.repeat(500_000);
  for (let n = 0; n < 2; n++) await publish(endpoint, 't1', body);
  await server.drain?.(200);
  assert.equal(server.stats().connections, 0);
});
