import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { after, before, beforeEach, test } from 'node:test';
import type { Instance } from '../contract/discovery.ts';
import { BenchError } from '../contract/errors.ts';
import type { Directory } from '../runners/discovery/directory.ts';
import { firstInstances } from '../runners/discovery/directory.ts';
import { EtcdDirectory, MAX_INSTANCES } from '../runners/discovery/etcdDirectory.ts';
import { findEtcd, PrivateEtcd } from '../runners/discovery/privateEtcd.ts';
import { freePort } from '../runners/freePort.ts';
import { EtcdClient } from '../servers/discovery/etcdClient.ts';
import { instanceKey, instanceValue } from '../servers/discovery/instanceEntry.ts';
import { register } from '../servers/discovery/registration.ts';
import { requireService } from './requireService.ts';

const { skip } = requireService('etcd');
/** Bound of every wait; a lease of one second runs out well within it. */
const LIMIT_MS = 15_000;
const LEASE_SECONDS = 1;

let etcd: PrivateEtcd;
let client: EtcdClient;
let service = '';
let number = 0;

before(async () => {
  if (skip !== false) return;
  etcd = await PrivateEtcd.create();
  await etcd.start();
  client = new EtcdClient(etcd.url);
});

after(async () => {
  if (skip !== false) return;
  client.close();
  await etcd.stop();
});

beforeEach(() => {
  service = `test-${++number}`;
});

const place = () => ({ etcdUrl: etcd.url, service });
const registration = () => ({ ...place(), weight: 1, leaseSeconds: LEASE_SECONDS });
const instance = (nodeId: string, port: number): Instance => ({
  nodeId,
  endpoints: [{ host: '127.0.0.1', port }],
  weight: 1,
});
const nodeIds = (instances: readonly Instance[]) => instances.map(({ nodeId }) => nodeId).join(' ');

/** Writes an entry with a long lease, as an instance that does well would. */
async function enter(entry: Instance, value = instanceValue(entry)): Promise<void> {
  await client.put(instanceKey(service, entry), value, await client.grantLease(600));
}

/** Waits for a list; it may be the one that is there. */
async function listed(directory: Directory, expected: string): Promise<void> {
  if (nodeIds(directory.instances) === expected) return;
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const timer = setTimeout(
    () => reject(new Error(`[${nodeIds(directory.instances)}] in place of [${expected}]`)),
    LIMIT_MS,
  );
  const unfollow = directory.follow((instances) => {
    if (nodeIds(instances) === expected) resolve();
  });
  await promise.finally(() => {
    clearTimeout(timer);
    unfollow();
  });
}

function watching(t: { after(end: () => void): void }): EtcdDirectory {
  const directory = new EtcdDirectory(place());
  t.after(() => directory.close());
  return directory;
}

/** Through etcd's JSON gateway: nothing here needs to compact but this test. */
async function compact(revision: bigint): Promise<void> {
  const answer = await fetch(`${etcd.url}/v3/kv/compaction`, {
    method: 'POST',
    body: JSON.stringify({ revision: String(revision), physical: true }),
  });
  assert.equal(answer.status, 200, await answer.text());
}

test('an instance is listed from when it registers until it deregisters', { skip }, async (t) => {
  const directory = watching(t);
  const first = await register(registration(), instance('n1', 4001));
  const second = await register(registration(), instance('n2', 4002));
  await listed(directory, 'n1 n2');
  await first.deregister();
  await listed(directory, 'n2');
  await second.deregister();
  await listed(directory, '');
});

test('it stays listed well beyond its lease, because that is kept alive', { skip }, async (t) => {
  const directory = watching(t);
  const registered = await register(registration(), instance('n1', 4001));
  t.after(() => registered.deregister());
  await listed(directory, 'n1');
  let changes = 0;
  directory.follow(() => changes++);
  // Another instance whose lease is not kept alive shows that the time has passed.
  const lease = await client.grantLease(2 * LEASE_SECONDS);
  await client.put(instanceKey(service, instance('n2', 4002)), instanceValue(instance('n2', 4002)), lease);
  await listed(directory, 'n1 n2');
  await listed(directory, 'n1');
  assert.equal(changes, 2);
  assert.equal(registered.reRegistrations, 0);
});

test('a lease that runs out takes its instance along', { skip }, async (t) => {
  const directory = watching(t);
  const lease = await client.grantLease(LEASE_SECONDS);
  await client.put(instanceKey(service, instance('n1', 4001)), instanceValue(instance('n1', 4001)), lease);
  await listed(directory, 'n1');
  await listed(directory, '');
});

test('a lease that was lost is taken anew, and counted', { skip }, async (t) => {
  const directory = watching(t);
  const registered = await register(registration(), instance('n1', 4001));
  t.after(() => registered.deregister());
  await listed(directory, 'n1');
  const leases = await fetch(`${etcd.url}/v3/lease/leases`, { method: 'POST', body: '{}' });
  const { leases: all } = (await leases.json()) as { leases: { ID: string }[] };
  for (const { ID } of all) await client.revokeLease(ID);
  await listed(directory, '');
  await listed(directory, 'n1');
  // Watchers see the entry before the instance has its answer, which this waits for.
  await registered.deregister();
  assert.equal(registered.reRegistrations, 1);
});

test('an empty list at first is waited out', { skip }, async (t) => {
  const directory = watching(t);
  const first = firstInstances(directory, LIMIT_MS);
  await enter(instance('n1', 4001));
  assert.equal(nodeIds(await first), 'n1');
});

test('a list that stays empty is told so', { skip }, async (t) => {
  await assert.rejects(firstInstances(watching(t), 50), /no instance was listed within 50 ms/);
});

test('a key with a junk value is counted and left out; what stood there before is gone', {
  skip,
}, async (t) => {
  const directory = watching(t);
  await enter(instance('n1', 4001));
  await enter(instance('n2', 4002));
  await listed(directory, 'n1 n2');
  await enter(instance('n2', 4002), '{"nodeId":"n2","endpoints":"none"}');
  await listed(directory, 'n1');
  assert.equal(directory.counts.junk, 1);
  await enter(instance('n2', 4002));
  await listed(directory, 'n1 n2');
});

test('a watch whose revision was compacted away reads the list again', { skip }, async (t) => {
  await enter(instance('n1', 4001));
  const { revision } = await client.range('/', 1);
  await enter(instance('n2', 4002));
  await compact(revision + 1n);
  const inner = new EtcdClient(etcd.url);
  let watches = 0;
  const directory = new EtcdDirectory(place(), {
    range: (prefix, limit) => inner.range(prefix, limit),
    // As if the list had been read long before the watch began.
    watch: (prefix, from, listener) => inner.watch(prefix, watches++ === 0 ? 1n : from, listener),
    close: () => inner.close(),
  });
  t.after(() => directory.close());
  await listed(directory, 'n1 n2');
  await enter(instance('n3', 4003));
  await listed(directory, 'n1 n2 n3');
  assert.equal(directory.counts.compactions, 1);
  assert.equal(watches, 2);
});

test('instances beyond the most that are kept are counted and left out', { skip }, async (t) => {
  const lease = await client.grantLease(600);
  const all = Array.from({ length: MAX_INSTANCES + 1 }, (_, i) => instance(`n${i}`, 5_000 + i));
  await Promise.all(all.map((each) => client.put(instanceKey(service, each), instanceValue(each), lease)));
  const directory = watching(t);
  await firstInstances(directory, LIMIT_MS);
  assert.equal(directory.instances.length, MAX_INSTANCES);
  assert.equal(directory.counts.beyondLimit, 1);
  await client.revokeLease(lease);
});

test('etcd gone at start: the instance does not start, and it is said why', { skip }, async () => {
  const etcdUrl = `http://127.0.0.1:${await freePort()}`;
  await assert.rejects(
    register({ ...registration(), etcdUrl }, instance('n1', 4001)),
    (error: unknown) =>
      error instanceof BenchError &&
      error.message.includes(`${etcdUrl}: no instance can be registered`) &&
      error.hint.includes('--discovery'),
  );
});

test('etcd gone mid-run: the list stays; back again: it goes on, and so does the registration', {
  skip,
}, async (t) => {
  const own = await PrivateEtcd.create();
  t.after(() => own.stop());
  await own.start();
  const source = { etcdUrl: own.url, service };
  const registered = await register({ ...registration(), etcdUrl: own.url }, instance('n1', 4001));
  t.after(() => registered.deregister());
  const directory = new EtcdDirectory(source);
  t.after(() => directory.close());
  await listed(directory, 'n1');
  await own.kill('SIGKILL');
  await lostTouch(directory);
  assert.equal(nodeIds(directory.instances), 'n1');
  await own.start();
  const late = await register({ ...registration(), etcdUrl: own.url }, instance('n2', 4002));
  t.after(() => late.deregister());
  await listed(directory, 'n1 n2');
});

test('an etcd that comes back without its data: the instance is entered again', { skip }, async (t) => {
  const own = await PrivateEtcd.create();
  t.after(() => own.stop());
  await own.start();
  const source = { etcdUrl: own.url, service };
  const registered = await register({ ...registration(), etcdUrl: own.url }, instance('n1', 4001));
  t.after(() => registered.deregister());
  const directory = new EtcdDirectory(source);
  t.after(() => directory.close());
  await listed(directory, 'n1');
  await own.kill('SIGKILL');
  await lostTouch(directory);
  rmSync(own.folder, { recursive: true });
  await own.start();
  const late = await register({ ...registration(), etcdUrl: own.url }, instance('n2', 4002));
  t.after(() => late.deregister());
  await listed(directory, 'n1 n2');
  assert.ok(registered.reRegistrations > 0);
});

test('without etcd on the PATH it is said how to get one, and how to do without', () => {
  assert.throws(
    () => findEtcd('/nowhere'),
    (error: unknown) =>
      error instanceof BenchError &&
      error.message.includes('etcd is not on the PATH') &&
      /apt install etcd-server.*--discovery etcd:.*--discovery static/.test(error.hint),
  );
});

/** Resolves when the directory has noticed that etcd is away. */
async function lostTouch(directory: Directory): Promise<void> {
  const deadline = Date.now() + LIMIT_MS;
  while (directory.counts.reconnects === 0 && Date.now() < deadline)
    await new Promise((resolve) => setImmediate(resolve));
  assert.ok(directory.counts.reconnects > 0, 'the directory has not noticed');
}
