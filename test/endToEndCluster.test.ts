import assert from 'node:assert/strict';
import { describe, type TestContext, test } from 'node:test';
import type { BusKind } from '../contract/pushServer.ts';
import type { Run } from '../contract/result.ts';
import { PrivateRedis } from '../runners/broker/redisBroker.ts';
import { busAddress } from '../servers/bus/redis/busAddress.ts';
import { RedisLink } from '../servers/bus/redis/redisLink.ts';
import { assertMeasured, childrenOf, SHORT, startRun, whenGone, withFolder } from './endToEndBench.ts';
import { assertValidResult } from './endToEndSchema.ts';
import { requireService } from './requireService.ts';

const { skip } = requireService('redis-server');
const BUSES: readonly BusKind[] = ['embedded', 'redis-pubsub', 'redis-streams'];
const STAGE = ['--stage', 'ws-cluster', '--nodes', '2'];

async function startRedis(t: TestContext): Promise<PrivateRedis> {
  // So that what was answered is there after a crash.
  const redis = await PrivateRedis.create('always');
  t.after(() => redis.stop());
  await redis.start();
  return redis;
}

/** How many keys a Redis holds. */
async function keysOf(url: string): Promise<unknown> {
  const link = new RedisLink(busAddress(new URL(url)), { up() {}, down() {} });
  await link.connect();
  const count = await link.command('DBSIZE');
  link.stop();
  return count;
}

function ledger({ variant, deliveries, bus }: Run): unknown {
  return [variant, deliveries?.expected, deliveries?.lost, deliveries?.duplicated, bus?.kind, bus?.lost];
}

describe('cluster', { skip, concurrency: 4 }, () => {
  test('one run for each bus: nothing lost, and each bus is named and measured', () =>
    withFolder(async (folder) => {
      const run = startRun(folder, [...SHORT, ...STAGE, '--scenario', 'steady', '--bus', BUSES.join(',')]);
      const ended = await run.ended;
      const result = await run.result();
      assertMeasured(ended, result);
      await assertValidResult(run.out);
      assert.deepEqual(
        result.runs.map(ledger),
        BUSES.map((kind) => [kind, 800, 0, 0, kind, 0]),
      );
      for (const { bus } of result.runs) {
        assert.ok(bus !== null && bus.received > 100, 'the messages of the window, at both nodes');
        assert.ok(bus.hopUs.p50 !== null && bus.hopUs.p50 > 0);
        assert.equal(bus.isGiven, false);
      }
    }));

  test('a node that is killed: its clients resume elsewhere and miss nothing', () =>
    withFolder(async (folder) => {
      const fault = ['--scenario', 'node-failure', '--duration', '3s', '--bus', 'redis-streams'];
      const run = startRun(folder, [...SHORT, ...STAGE, ...fault]);
      const ended = await run.ended;
      const result = await run.result();
      assertMeasured(ended, result);
      const [{ fault: figures, deliveries, bus }] = result.runs;
      assert.ok(figures !== null && figures.connectionsHit > 0);
      assert.equal(figures.connectionsBack, figures.connectionsHit);
      assert.deepEqual([deliveries?.lost, bus?.lost], [0, 0]);
    }));

  test('a Redis that crashes in the window and comes back: Streams loses nothing that was taken', (t) =>
    withFolder(async (folder) => {
      const redis = await startRedis(t);
      const run = startRun(folder, [
        ...SHORT,
        ...STAGE,
        '--duration',
        '4s',
        '--bus',
        `redis-streams=${redis.url}`,
      ]);
      await run.says(/^ {2}warmup/m);
      await redis.kill('SIGKILL');
      await redis.start();
      const { code, stderr } = await run.ended;
      const [{ deliveries, publish, bus }] = (await run.result()).runs;
      assert.equal(await keysOf(redis.url), 0, 'a Redis that is not ours is left as it was');
      assert.ok(code === 0 || code === 3, `exit code ${code}: ${stderr}`);
      assert.equal(bus?.isGiven, true);
      assert.equal(bus?.reconnects, 2, 'each node once');
      assert.equal(bus?.lost, 0);
      assert.ok(publish !== null && publish.failed > 0, 'what came while it was away was answered 503');
      // Each message has ten subscribers; a publish that failed with the connection may have been taken all the same.
      assert.ok(
        (deliveries?.lost ?? 0) <= 10 * publish.failed,
        `${deliveries?.lost} lost, ${publish.failed} failed`,
      );
    }));

  test('an interrupted run leaves no redis-server behind', () =>
    withFolder(async (folder) => {
      const run = startRun(folder, [...SHORT, ...STAGE, '--warmup', '60s', '--bus', 'redis-pubsub']);
      await run.says(/^ {2}connect/m);
      const broker = childrenOf(run.pid).find(({ command }) => command.includes('/roles/broker.'));
      assert.ok(broker !== undefined);
      const pids = [broker.pid, ...childrenOf(broker.pid).map(({ pid }) => pid)];
      assert.equal(pids.length, 2);
      run.child.kill('SIGINT');
      assert.equal((await run.ended).code, 130);
      await whenGone(pids);
    }));

  test('a bus that cannot be used is told before any load, without its password', () =>
    withFolder(async (folder) => {
      for (const [url, code, said] of [
        ['redis://me:geheim@127.0.0.1:1', 6, /redis:\/\/127\.0\.0\.1:1 cannot be used: .*ECONNREFUSED/],
        ['http://me:geheim@127.0.0.1:6379', 2, /redis/],
      ] as const) {
        const run = startRun(folder, [...SHORT, ...STAGE, '--bus', `redis-pubsub=${url}`]);
        const ended = await run.ended;
        assert.equal(ended.code, code, ended.stderr);
        assert.match(ended.stderr, said);
        assert.ok(!`${ended.stderr}${ended.stdout}`.includes('geheim'), ended.stderr);
      }
    }));
});
