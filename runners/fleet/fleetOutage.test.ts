import assert from 'node:assert/strict';
import { before, type TestContext, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { nowUs } from '../../contract/clock.ts';
import { PLAIN_PUBLISHER } from '../../contract/publisherControl.ts';
import { DEFAULT_SERVER_OPTIONS, type Endpoint, type PushServer } from '../../contract/pushServer.ts';
import type { PhaseSpec } from '../../contract/schedule.ts';
import { PLAIN_WORKER } from '../../contract/workerControl.ts';
import { createServer } from '../../servers/registry.ts';
import { Publisher } from '../publisher/publisher.ts';
import { initHistograms } from '../recorders/histograms.ts';
import { Fleet } from './fleet.ts';

before(initHistograms);

const SLOTS = 20;
const RUN = 12;

/** Nodes that tell their clients to come back at once. */
async function startNodes(
  t: TestContext,
  count: number,
): Promise<{ node: PushServer; endpoint: Endpoint }[]> {
  const starting = Array.from({ length: count }, async () => {
    const node = await createServer('sse', 'shared');
    t.after(() => node.stop());
    const listen = [{ host: '127.0.0.1', port: 0 }];
    const { endpoints } = await node.start({ ...DEFAULT_SERVER_OPTIONS, listen, retryMs: 0 });
    return { node, endpoint: endpoints[0] };
  });
  return Promise.all(starting);
}

async function until(reached: () => boolean): Promise<void> {
  while (!reached()) await delay(2);
}

async function connectedFleet(t: TestContext, endpoints: readonly Endpoint[]): Promise<Fleet> {
  const fleet = await Fleet.create({
    run: RUN,
    seed: 4,
    protocol: 'sse',
    kind: 'lean',
    fleetSlots: SLOTS,
    firstSlot: 0,
    slots: SLOTS,
    firstProbeSlot: SLOTS,
    endpoints,
    nodes: endpoints.length,
    path: '/events?topic={topic}',
    headers: {},
    streams: 1,
    connectTimeoutMs: 5_000,
    maxInFlight: 100,
    initialInFlight: 100,
    maxRetries: 20,
    ...PLAIN_WORKER,
  });
  t.after(() => fleet.stop());
  fleet.ramp({ fromPosition: 0, toPosition: SLOTS, startUs: nowUs(), connectPerSecond: 2_000 });
  await until(() => fleet.progress().rampDoneUs !== null);
  fleet.settle();
  return fleet;
}

function phase(id: number, firstIndex: number, count: number, ratePerSecond: number): PhaseSpec {
  const durationMs = (count * 1_000) / ratePerSecond;
  return {
    id,
    name: 'measure',
    firstIndex,
    count,
    startUs: nowUs(),
    durationUs: durationMs * 1_000,
    ratePerSecond,
    shape: [{ durationMs, ratePerSecond }],
    arrivals: 'uniform',
    seed: 1,
    streams: 1,
  };
}

function startPublisher(t: TestContext, endpoints: readonly Endpoint[]): Publisher {
  const publisher = new Publisher({
    run: RUN,
    streams: 1,
    payloadBytes: 64,
    urls: endpoints.map(({ host, port }) => `http://${host}:${port}/publish`),
    publishTo: 'every-node',
    batch: true,
    depth: 4,
    headers: {},
    topicHeader: true,
    ...PLAIN_PUBLISHER,
  });
  t.after(() => publisher.stop());
  return publisher;
}

/** Breaks something in the middle of 100 messages; each connection has seen one before, to resume after. */
async function publishAround(
  t: TestContext,
  fleet: Fleet,
  nodes: readonly Endpoint[],
  fault: (publisher: Publisher) => Promise<void> | void,
) {
  const publisher = startPublisher(t, nodes);
  const first = phase(0, 0, 1, 100);
  fleet.recorder.add(first);
  await publisher.phase(first);
  await until(() => fleet.progress().phases[0].missing === 0);
  const spec = phase(1, 1, 100, 200);
  fleet.recorder.add(spec);
  const publishing = publisher.phase(spec);
  await until(() => fleet.progress().phases[1].received > SLOTS * 20);
  await fault(publisher);
  const report = await publishing;
  await until(() => fleet.progress().phases[1].missing === 0);
  return {
    report,
    delivered: fleet.recorder.collect({
      phase: 1,
      untilIndex: null,
      expectedSlots: fleet.expected,
      firstSlot: 0,
    }),
  };
}

test('connections that are all cut at once come back, and nothing is lost or doubled', async (t) => {
  const [{ endpoint }] = await startNodes(t, 1);
  const fleet = await connectedFleet(t, [endpoint]);
  const { delivered } = await publishAround(t, fleet, [endpoint], () => assert.equal(fleet.cut(), SLOTS));
  await until(() => fleet.report().allBackUs !== null);
  const { received, lost, duplicated } = delivered;
  assert.deepEqual({ received, lost, duplicated }, { received: 100 * SLOTS, lost: 0, duplicated: 0 });
  const { dropped, live, failures } = fleet.report();
  assert.deepEqual({ dropped, live }, { dropped: SLOTS, live: SLOTS });
  assert.deepEqual(failures, [], 'a cut on purpose is no failure');
});

test("a dead node's connections land on another one and resume there", async (t) => {
  const nodes = await startNodes(t, 2);
  const endpoints = nodes.map(({ endpoint }) => endpoint);
  const fleet = await connectedFleet(t, endpoints);
  const held = nodes.map(({ node }) => node.stats().connections);
  assert.ok(held[0] > 0 && held[1] > 0);
  const { report, delivered } = await publishAround(t, fleet, endpoints, async (publisher) => {
    publisher.forget(1);
    await nodes[1].node.stop();
  });
  await until(() => fleet.report().allBackUs !== null);
  const { received, lost, duplicated } = delivered;
  assert.deepEqual({ received, lost, duplicated }, { received: 100 * SLOTS, lost: 0, duplicated: 0 });
  assert.equal(nodes[0].node.stats().connections, SLOTS);
  assert.equal(fleet.report().dropped, held[1]);
  // The node was taken away on purpose: what it did not answer is nobody's failure.
  assert.deepEqual([report.sent, report.failed, report.failures], [100, 0, []]);
});
