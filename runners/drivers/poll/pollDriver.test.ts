import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { ENVELOPE_BYTES, emptyEnvelope, writeEnvelope } from '../../../contract/envelope.ts';
import type { LoadDriver } from '../../../contract/loadDriver.ts';
import { PLAIN_DRIVER } from '../../../contract/loadDriver.ts';
import { DEFAULT_SERVER_OPTIONS, type Endpoint, type PushServer } from '../../../contract/pushServer.ts';
import { createServer } from '../../../servers/registry.ts';
import { initHistograms, mergeHistograms } from '../../recorders/histograms.ts';
import { createDriver } from '../registry.ts';

const SLOTS = 100;
const MESSAGES = 20;

interface Fleet {
  readonly driver: LoadDriver;
  readonly server: PushServer;
  readonly endpoint: Endpoint;
  readonly counts: { opened: number; shown: number; closed: number };
  until(condition: () => boolean): Promise<void>;
}

/** All slots against a node of the stage. */
async function fleetOf(t: TestContext, kind: LoadDriver['kind'], variant: string): Promise<Fleet> {
  const server = await createServer('poll', variant);
  const { streamPath, polling } = server.capabilities;
  const { endpoints } = await server.start({
    ...DEFAULT_SERVER_OPTIONS,
    listen: [{ host: '127.0.0.1', port: 0 }],
  });
  const [endpoint] = endpoints;
  const counts = { opened: 0, shown: 0, closed: 0 };
  const shown = (): void => {
    counts.shown++;
  };
  const driver = await createDriver('poll', kind, {
    slots: SLOTS,
    connectTimeoutMs: 30_000,
    ...PLAIN_DRIVER,
    polling: { mode: polling ?? 'interval', intervalMs: 20, jitter: 0, backoff: 1, seed: 1 },
    target: () => ({ ...endpoint, path: streamPath.replace('{topic}', 't0'), headers: {} }),
    events: {
      opened: () => counts.opened++,
      message: shown,
      state: shown,
      gap: () => assert.fail('a gap'),
      retryAfter: () => assert.fail('a pause'),
      closed: () => counts.closed++,
    },
  });
  t.after(async () => {
    await driver.stop();
    await server.stop();
  });
  for (let slot = 0; slot < SLOTS; slot++) driver.open(slot);
  const until = async (condition: () => boolean): Promise<void> => {
    while (!condition()) await new Promise((resolve) => setTimeout(resolve, 1));
  };
  await until(() => counts.opened === SLOTS);
  return { driver, server, endpoint, counts, until };
}

async function publish({ host, port }: Endpoint, seq: number): Promise<void> {
  const body = Buffer.alloc(ENVELOPE_BYTES);
  writeEnvelope(body, 0, { ...emptyEnvelope(), seq });
  await fetch(`http://${host}:${port}/publish`, { method: 'POST', body, headers: { 'x-topic': 't0' } });
}

for (const kind of ['lean', 'ecosystem'] as const) {
  for (const variant of ['short', 'keepalive', 'conditional', 'long']) {
    test(`${kind} pollers agree with ${variant} on what was asked and shown`, {
      timeout: 60_000,
    }, async (t) => {
      await initHistograms();
      const { driver, server, endpoint, counts, until } = await fleetOf(t, kind, variant);
      for (let seq = 0; seq < MESSAGES; seq++) {
        await publish(endpoint, seq);
        await until(() => counts.shown === (seq + 1) * SLOTS);
      }
      await driver.stop();
      assert.equal(counts.closed, SLOTS);
      const figures = driver.pollFigures?.();
      assert.ok(figures !== undefined);
      const { sent, answered, empty, failed, connections } = figures;
      assert.deepEqual([failed, answered - empty], [0, MESSAGES * SLOTS]);
      // What was under way at the end has no answer; nothing else is missing.
      assert.ok(sent >= answered && sent - answered <= SLOTS);
      const { accepted, written } = server.stats();
      if (variant !== 'short') assert.deepEqual([connections, accepted], [SLOTS, SLOTS]);
      else assert.ok(connections >= answered && accepted >= answered && accepted <= connections);
      if (variant === 'conditional' || variant === 'long') assert.ok(written >= MESSAGES * SLOTS);
      const roundTrips = mergeHistograms([figures.roundTrip]);
      assert.equal(roundTrips.totalCount, answered - SLOTS);
      roundTrips.destroy();
    });
  }
}
