import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { STAGES } from '../servers/registry.ts';
import {
  assertMeasured,
  childrenOf,
  isRunning,
  SHORT,
  startRun,
  TINY,
  whenGone,
  withFolder,
} from './endToEndBench.ts';
import { assertValidResult } from './endToEndSchema.ts';
import { requireService } from './requireService.ts';

const redis = requireService('redis-server');
/** So that a short window holds several polls of each client. */
const POLLS = ['--poll-interval', '250ms'];
/** Every variant but those of SSE, which have a test of their own. */
const VARIANTS = STAGES.filter(({ name }) => name !== 'sse').flatMap(({ name, variants }) =>
  variants.map((variant) => ({ stage: name, ...variant })),
);

describe('run', { concurrency: 3 }, () => {
  for (const { stage, name, capabilities } of VARIANTS) {
    const needs = capabilities.bus?.startsWith('redis') ? redis : { skip: false };
    const polls = capabilities.polling === 'interval' ? POLLS : [];
    test(`nothing is lost and nothing repeated: ${stage}:${name}`, { skip: needs.skip }, () =>
      withFolder(async (folder) => {
        const run = startRun(folder, [...SHORT, ...polls, '--stage', `${stage}:${name}`]);
        const ended = await run.ended;
        const result = await run.result();
        assertMeasured(ended, result);
        await assertValidResult(run.out);
        const [{ deliveries, polling, bus, publish }] = result.runs;
        assert.deepEqual(
          [deliveries?.expected, deliveries?.lost, deliveries?.duplicated, deliveries?.reordered],
          [800, 0, 0, 0],
        );
        assert.equal(publish?.failed, 0);
        assert.equal(polling !== null, capabilities.polling !== null);
        assert.equal(bus?.kind ?? null, capabilities.bus);
        assert.equal(bus?.lost ?? 0, 0);
      }),
    );
  }

  test('a poll that shows the newest state makes the overtaken ones visible and counts them', () =>
    withFolder(async (folder) => {
      const run = startRun(folder, [...SHORT, ...POLLS, '--stage', 'poll']);
      assertMeasured(await run.ended, await run.result());
      const [{ deliveries, polling, latencyUs }] = (await run.result()).runs;
      // A room has 20 messages per second, four polls see five each: four of five are overtaken.
      const superseded = deliveries?.superseded ?? 0;
      assert.ok(superseded > 500 && superseded < 750, `${superseded} of 800 superseded`);
      assert.equal(polling?.eventsPerPollInterval, 5);
      // The wait for the poll is part of the latency: 250 ms at most, half of it in the mean.
      assert.ok((latencyUs?.delivery.mean ?? 0) > 50_000);
    }));
});

describe('faults', { concurrency: 2 }, () => {
  const window = [...TINY, '--warmup', '1s', '--duration', '6s'];
  for (const stage of ['sse', 'ws', 'poll:long']) {
    test(`all connections cut at once: nothing lost, nothing doubled on ${stage}`, () =>
      withFolder(async (folder) => {
        const run = startRun(folder, [...window, '--stage', stage, '--scenario', 'reconnect-storm']);
        const ended = await run.ended;
        const result = await run.result();
        assertMeasured(ended, result);
        const [{ deliveries, fault, connections }] = result.runs;
        assert.deepEqual([deliveries?.lost, deliveries?.duplicated], [0, 0]);
        assert.equal(deliveries?.expected, 4_800);
        assert.deepEqual([fault?.connectionsHit, fault?.connectionsBack, connections.gaveUp], [40, 40, 0]);
        assert.ok((fault?.recoveredMs ?? 0) > 0);
      }));
  }

  for (const [stage, needs] of [
    ['sse', { skip: false }],
    ['ws-cluster', { skip: false }],
    ['ws-cluster:redis-streams', redis],
    ['ws-cluster:redis-pubsub', redis],
  ] as const) {
    test(`a node killed: its clients resume elsewhere without loss, ${stage}`, { skip: needs.skip }, () =>
      withFolder(async (folder) => {
        const args = [...window, '--nodes', '3', '--stage', stage, '--scenario', 'node-failure'];
        const run = startRun(folder, args);
        const ended = await run.ended;
        const result = await run.result();
        assertMeasured(ended, result);
        const [{ deliveries, fault, plan, bus, publish }] = result.runs;
        assert.equal(plan.serverNodes, 3);
        assert.deepEqual([deliveries?.lost, bus?.lost ?? 0], [0, 0]);
        assert.equal(fault?.connectionsHit, fault?.connectionsBack);
        assert.ok((fault?.connectionsHit ?? 0) > 0);
        // A message posted again may come twice: to all of a room, and only what was posted again.
        assert.ok((deliveries?.duplicated ?? 0) <= (publish?.retried ?? 0) * 10);
      }),
    );
  }
});

describe('the broker of a run', () => {
  const args = [...TINY, '--warmup', '500ms', '--duration', '60s', '--stage', 'ws-cluster'];

  test('ends with it: Ctrl-C leaves no redis-server', { skip: redis.skip }, () =>
    withFolder(async (folder) => {
      const run = startRun(folder, [...args, '--bus', 'redis-streams']);
      try {
        await run.says(/^ {2}connect/m);
        const children = childrenOf(run.pid);
        const brokers = children.flatMap(({ pid }) => childrenOf(pid).map((child) => child.pid));
        assert.equal(brokers.length, 1, 'one redis-server below its role');
        run.child.kill('SIGINT');
        assert.equal((await run.ended).code, 130);
        await whenGone([...children.map(({ pid }) => pid), ...brokers]);
        assert.ok(!brokers.some(isRunning));
      } finally {
        run.child.kill('SIGKILL');
        await run.ended;
      }
    }),
  );

  test('that is killed ends the run as a failure of the system under test', () =>
    withFolder(async (folder) => {
      const run = startRun(folder, args);
      try {
        await run.says(/^ {2}connect/m);
        const broker = childrenOf(run.pid).find(({ command }) => command.includes('/roles/broker.'));
        assert.ok(broker !== undefined);
        process.kill(broker.pid, 'SIGKILL');
        assert.equal((await run.ended).code, 6);
        assert.match((await run.result()).runs[0].abortReason ?? '', /^system under test: broker 0/);
      } finally {
        run.child.kill('SIGKILL');
        await run.ended;
      }
    }));
});
