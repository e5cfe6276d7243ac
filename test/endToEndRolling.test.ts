import assert from 'node:assert/strict';
import { describe, type TestContext, test } from 'node:test';
import type { Run } from '../contract/result.ts';
import { PrivateEtcd } from '../runners/discovery/privateEtcd.ts';
import { EtcdClient } from '../servers/discovery/etcdClient.ts';
import { assertMeasured, childrenOf, startRun, TINY, whenGone, withFolder } from './endToEndBench.ts';
import { assertValidResult } from './endToEndSchema.ts';
import { requireService } from './requireService.ts';

const { skip } = requireService('etcd');
const INSTANCES = 3;
const ROLLING = [...TINY, '--stage', 'grpc', '--scenario', 'rolling-restart', '--warmup', '1s'];
const WINDOW = ['--duration', '8s', '--nodes', String(INSTANCES)];

async function startEtcd(t: TestContext): Promise<PrivateEtcd> {
  const etcd = await PrivateEtcd.create();
  t.after(() => etcd.stop());
  await etcd.start();
  return etcd;
}

function assertNothingLost({ deliveries, publish, rolling, connections, bus, cpu, gc, loop }: Run): void {
  assert.ok(rolling !== null && publish !== null && bus !== null);
  // Two instances serve at any time, and three mostly; each hears a message once.
  assert.ok(bus.received >= 2 * publish.sent && bus.received <= 3 * publish.sent, String(bus.received));
  assert.equal(bus.hopUs.count, bus.received);
  assert.deepEqual([cpu.server.usPerDelivery, cpu.server.userShare, gc, loop], [null, null, null, null]);
  assert.deepEqual(
    rolling.instances.map(({ nodeId }) => nodeId),
    ['n1', 'n2', 'n3'],
  );
  assert.ok(rolling.moved > 0, 'streams had to move');
  assert.equal(rolling.callsFailed, 0, JSON.stringify(publish.failures));
  assert.deepEqual([publish.failed, publish.refused, publish.unsent], [0, 0, 0]);
  assert.deepEqual([deliveries?.lost, deliveries?.received], [0, deliveries?.expected]);
  assert.deepEqual([connections.gaveUp, connections.dropped], [0, rolling.moved]);
  assert.ok(connections.reconnects >= rolling.moved);
}

describe('rolling restart', { concurrency: 4 }, () => {
  test(
    'instances in an etcd of the run: no call fails, every stream resumes, nothing is lost',
    { skip },
    () =>
      withFolder(async (folder) => {
        const run = startRun(folder, [...ROLLING, ...WINDOW, '--discovery', 'etcd']);
        const ended = await run.ended;
        const result = await run.result();
        assertMeasured(ended, result);
        await assertValidResult(run.out);
        assertNothingLost(result.runs[0]);
        assert.match(result.runs[0].rolling?.discovery ?? '', /^etcd \d/);
      }),
  );

  test('a static list, first instance first: the same', () =>
    withFolder(async (folder) => {
      const run = startRun(folder, [...ROLLING, ...WINDOW, '--balance', 'pick_first']);
      const ended = await run.ended;
      const result = await run.result();
      assertMeasured(ended, result);
      assertNothingLost(result.runs[0]);
      assert.equal(result.runs[0].rolling?.discovery, 'static');
    }));

  test('an etcd that runs already is used, and keeps nothing of the run', { skip }, (t) =>
    withFolder(async (folder) => {
      const etcd = await startEtcd(t);
      const address = etcd.url.replace('http:', 'etcd:');
      const weighted = ['--balance', 'weighted_round_robin', '--security', 'mtls-jwt'];
      const run = startRun(folder, [...ROLLING, ...WINDOW, '--discovery', address, ...weighted]);
      const ended = await run.ended;
      const result = await run.result();
      assertMeasured(ended, result);
      assertNothingLost(result.runs[0]);
      const client = new EtcdClient(etcd.url);
      t.after(() => client.close());
      assert.deepEqual((await client.range('/', 10)).entries, []);
    }),
  );

  test('an etcd that is not there is said before anything starts', () =>
    withFolder(async (folder) => {
      const run = startRun(folder, [...ROLLING, '--discovery', 'etcd://127.0.0.1:9']);
      const ended = await run.ended;
      assert.equal(ended.code, 2, ended.stderr);
      assert.match(ended.stderr, /http:\/\/127\.0\.0\.1:9: no etcd answers there/);
    }));

  test('a run that is killed outright leaves no etcd behind', { skip }, () =>
    withFolder(async (folder) => {
      const run = startRun(folder, [...ROLLING, ...WINDOW, '--discovery', 'etcd']);
      await run.says(/warmup/);
      const roles = childrenOf(run.pid);
      const etcds = roles.flatMap(({ pid }) => childrenOf(pid));
      assert.ok(etcds.some(({ command }) => command.includes('--data-dir')));
      run.child.kill('SIGKILL');
      await run.ended;
      await whenGone([...roles, ...etcds].map(({ pid }) => pid));
    }),
  );
});
