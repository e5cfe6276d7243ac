import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DEFAULT_SERVER_OPTIONS, type PushServer } from '../contract/pushServer.ts';
import { guardLifecycle } from './lifecycle.ts';
import { findStage } from './registry.ts';

const OPTIONS = { ...DEFAULT_SERVER_OPTIONS, listen: [] };
const STARTED = { endpoints: [], ingest: null, metrics: null };

interface Steps {
  readonly start?: () => Promise<typeof STARTED>;
  readonly stop?: () => Promise<void>;
}

/** A server that only notes what was asked of it. */
function recorder({ start, stop }: Steps = {}): { server: PushServer; calls: string[] } {
  const calls: string[] = [];
  const server: PushServer = {
    capabilities: findStage('sse').variants[0].capabilities,
    stats: () => assert.fail('not asked for'),
    start() {
      calls.push('start');
      return start?.() ?? Promise.resolve(STARTED);
    },
    stop() {
      calls.push('stop');
      return stop?.() ?? Promise.resolve();
    },
  };
  return { server, calls };
}

const forever = (): Promise<never> => new Promise(() => {});

test('stops nothing that was not started', async () => {
  const { server, calls } = recorder();
  await guardLifecycle(server).stop();
  assert.deepEqual(calls, []);
});

test('starts once and stops once', async () => {
  const { server, calls } = recorder();
  const guarded = guardLifecycle(server);
  assert.equal(await guarded.start(OPTIONS), STARTED);
  await assert.rejects(guarded.start(OPTIONS), /started before/);
  await Promise.all([guarded.stop(), guarded.stop()]);
  assert.deepEqual(calls, ['start', 'stop']);
});

test('stops what failed to start', async () => {
  const { server, calls } = recorder({ start: () => Promise.reject(new Error('no port')) });
  await assert.rejects(guardLifecycle(server).start(OPTIONS), /no port/);
  assert.deepEqual(calls, ['start', 'stop']);
});

test('gives up on a start and on a stop that do not end', async () => {
  const timeouts = { startMs: 5, stopMs: 5 };
  const starting = recorder({ start: forever });
  await assert.rejects(guardLifecycle(starting.server, timeouts).start(OPTIONS), /did not start within 5 ms/);
  assert.deepEqual(starting.calls, ['start', 'stop']);

  const stopping = guardLifecycle(recorder({ stop: forever }).server, timeouts);
  await stopping.start(OPTIONS);
  await assert.rejects(stopping.stop(), /did not stop within 5 ms/);
});
