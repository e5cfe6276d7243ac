import assert from 'node:assert/strict';
import { before, type TestContext, test } from 'node:test';
import { status } from '@grpc/grpc-js';
import { nowUs } from '../contract/clock.ts';
import { BALANCE_POLICIES, type BalancePolicy } from '../contract/discovery.ts';
import { PUBLISH_FIELDS_GRPC, PUBLISH_PATH_GRPC } from '../contract/grpc.ts';
import {
  PLAIN_PUBLISHER,
  type PublishCalls,
  type PublisherPhaseReport,
  type PublisherStart,
} from '../contract/publisherControl.ts';
import { PrivateEtcd } from '../runners/discovery/privateEtcd.ts';
import { connectOf } from '../runners/publisher/connect.ts';
import { Publisher } from '../runners/publisher/publisher.ts';
import { initHistograms } from '../runners/recorders/histograms.ts';
import { register } from '../servers/discovery/registration.ts';
import { PlainInstance } from './instanceFixture.ts';
import { requireService } from './requireService.ts';

before(initHistograms);

const etcdService = requireService('etcd');

async function start(t: TestContext, nodeId: string, weight?: number): Promise<PlainInstance> {
  const instance = await PlainInstance.start(nodeId, weight);
  t.after(() => instance.stop());
  return instance;
}

async function publisherOf(
  t: TestContext,
  balance: BalancePolicy,
  over: Partial<PublishCalls>,
  publishTo: PublisherStart['publishTo'] = 'any-node',
): Promise<Publisher> {
  const options = {
    run: 5,
    streams: 3,
    payloadBytes: 128,
    urls: [],
    publishTo,
    batch: false,
    depth: 8,
    headers: {},
    topicHeader: false,
    ...PLAIN_PUBLISHER,
    calls: {
      path: PUBLISH_PATH_GRPC,
      fields: PUBLISH_FIELDS_GRPC,
      balance,
      directory: null,
      instances: [],
      ...over,
    },
  };
  const publisher = new Publisher(options, await connectOf(options));
  t.after(() => publisher.stop());
  return publisher;
}

let phases = 0;

function phase(publisher: Publisher, count: number, durationMs: number): Promise<PublisherPhaseReport> {
  const ratePerSecond = (count * 1_000) / durationMs;
  return publisher.phase({
    id: phases++,
    name: 'measure',
    firstIndex: phases * 10_000,
    count,
    startUs: nowUs(),
    durationUs: durationMs * 1_000,
    ratePerSecond,
    shape: [{ durationMs, ratePerSecond }],
    arrivals: 'uniform',
    seed: 1,
    streams: 3,
  });
}

/** Publishes until every instance has been met: shares count from then on. */
async function warmUp(publisher: Publisher, instances: readonly PlainInstance[]): Promise<void> {
  for (let i = 0; i < 100 && instances.some(({ calls }) => calls === 0); i++) await phase(publisher, 10, 20);
  for (const instance of instances) {
    assert.ok(instance.calls > 0, `${instance.instance.nodeId} was never met`);
    instance.calls = 0;
  }
}

const listOf = (instances: readonly PlainInstance[]) => instances.map(({ instance }) => instance);

test('pick_first sends all calls to the first instance', async (t) => {
  const instances = [await start(t, 'n1'), await start(t, 'n2')];
  const publisher = await publisherOf(t, 'pick_first', { instances: listOf(instances) });
  assert.equal((await phase(publisher, 30, 60)).sent, 30);
  assert.deepEqual(
    instances.map(({ calls }) => calls),
    [30, 0],
  );
});

for (const [balance, weights, shares] of [
  ['round_robin', [5, 1, 1], [20, 20, 20]],
  ['weighted_round_robin', [4, 1, 1], [40, 10, 10]],
  ['weighted_round_robin', [1, 1, 1], [20, 20, 20]],
] as const) {
  test(`${balance} over weights ${weights.join(', ')} shares 60 calls ${shares.join(', ')}`, async (t) => {
    const instances = await Promise.all(weights.map((weight, i) => start(t, `n${i}`, weight)));
    const publisher = await publisherOf(t, balance, { instances: listOf(instances) });
    await warmUp(publisher, instances);
    assert.equal((await phase(publisher, 60, 120)).sent, 60);
    assert.deepEqual(
      instances.map(({ calls }) => calls),
      shares,
    );
  });
}

for (const balance of BALANCE_POLICIES) {
  test(`${balance}: instances drain and are replaced one by one, and no call fails`, async (t) => {
    const instances = [await start(t, 'n1'), await start(t, 'n2')];
    const publisher = await publisherOf(t, balance, { instances: listOf(instances) });
    const publishing = phase(publisher, 400, 800);
    for (let i = 0; i < 4; i++) {
      const [old] = instances;
      instances.shift();
      publisher.instances(listOf(instances));
      await old.drain();
      old.stop();
      instances.push(await start(t, `n${i + 3}`));
      publisher.instances(listOf(instances));
    }
    const report = await publishing;
    assert.equal(report.sent, 400, JSON.stringify(report.failures));
    assert.equal(report.failed, 0);
  });
}

test('a call that an instance does not take goes to another one, and is counted', async (t) => {
  const instances = [await start(t, 'n1'), await start(t, 'n2')];
  const publisher = await publisherOf(t, 'round_robin', { instances: listOf(instances) });
  await warmUp(publisher, instances);
  instances[0].answer = status.UNAVAILABLE;
  const report = await phase(publisher, 40, 80);
  assert.equal(report.sent, 40, JSON.stringify(report.failures));
  assert.equal(instances[1].calls, 40);
  assert.equal(report.retried, instances[0].calls);
});

for (const [answer, outcome, detail] of [
  [status.RESOURCE_EXHAUSTED, 'refused', 'RESOURCE_EXHAUSTED: n1 says no'],
  [status.INVALID_ARGUMENT, 'failed', 'INVALID_ARGUMENT: n1 says no'],
  [status.UNAVAILABLE, 'failed', 'UNAVAILABLE: n1 says no'],
] as const) {
  test(`a call that ends with ${status[answer]} everywhere is ${outcome}`, async (t) => {
    const instance = await start(t, 'n1');
    instance.answer = answer;
    const publisher = await publisherOf(t, 'round_robin', { instances: [instance.instance] });
    const report = await phase(publisher, 5, 10);
    assert.equal(report[outcome], 5);
    assert.deepEqual(report.failures, [{ detail, count: 5 }]);
    assert.equal(report.retried > 0, answer === status.UNAVAILABLE);
  });
}

test('calls wait for the first instance', async (t) => {
  const publisher = await publisherOf(t, 'round_robin', {});
  const publishing = phase(publisher, 5, 10);
  const instance = await start(t, 'n1');
  publisher.instances([instance.instance]);
  assert.equal((await publishing).sent, 5);
});

test('independent instances each get every message', async (t) => {
  const instances = [await start(t, 'n1'), await start(t, 'n2')];
  // Whatever a directory would say: each of them has to be met.
  const directory = { etcdUrl: 'http://127.0.0.1:9', service: 'none' };
  const over = { directory, instances: listOf(instances) };
  const publisher = await publisherOf(t, 'round_robin', over, 'every-node');
  assert.equal((await phase(publisher, 20, 40)).sent, 20);
  assert.deepEqual(
    instances.map(({ calls }) => calls),
    [20, 20],
  );
});

test('instances that etcd lists: they come and go, etcd itself goes, and no call fails', {
  skip: etcdService.skip,
}, async (t) => {
  const etcd = await PrivateEtcd.create();
  t.after(() => etcd.stop());
  await etcd.start();
  const place = { etcdUrl: etcd.url, service: 'calls', weight: 1, leaseSeconds: 5 };
  const first = await start(t, 'n1');
  const registered = await register(place, first.instance);
  const publisher = await publisherOf(t, 'round_robin', { directory: place });
  const publishing = phase(publisher, 500, 1_000);
  const second = await start(t, 'n2');
  const alsoRegistered = await register(place, second.instance);
  await registered.deregister();
  await first.drain();
  first.stop();
  await etcd.kill('SIGKILL');
  const report = await publishing;
  assert.equal(report.sent, 500, JSON.stringify(report.failures));
  assert.ok(second.calls > 0);
  await alsoRegistered.deregister();
});
