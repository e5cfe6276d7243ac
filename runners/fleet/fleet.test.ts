import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer as createTcpServer, type Socket } from 'node:net';
import { before, type TestContext, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { nowUs } from '../../contract/clock.ts';
import { PLAIN_PUBLISHER } from '../../contract/publisherControl.ts';
import { DEFAULT_SERVER_OPTIONS, type Endpoint, type PushServer } from '../../contract/pushServer.ts';
import type { PhaseSpec } from '../../contract/schedule.ts';
import type { WorkerStart } from '../../contract/workerControl.ts';
import { PLAIN_WORKER } from '../../contract/workerControl.ts';
import { createServer } from '../../servers/registry.ts';
import { Publisher } from '../publisher/publisher.ts';
import { initHistograms } from '../recorders/histograms.ts';
import { Fleet } from './fleet.ts';

before(initHistograms);

const SLOTS = 24;
const RUN = 9;
const STREAMS = 3;
const HOST = '127.0.0.1';

async function startServer(
  t: TestContext,
  retryMs: number | null = null,
): Promise<{ server: PushServer; endpoint: Endpoint }> {
  const server = await createServer('sse', 'shared');
  t.after(() => server.stop());
  const listen = [{ host: HOST, port: 0 }];
  const { endpoints } = await server.start({ ...DEFAULT_SERVER_OPTIONS, listen, retryMs });
  return { server, endpoint: endpoints[0] };
}

async function startFleet(
  t: TestContext,
  endpoint: Endpoint,
  over: Partial<WorkerStart> = {},
): Promise<Fleet> {
  const fleet = await Fleet.create({
    run: RUN,
    seed: 4,
    protocol: 'sse',
    kind: 'lean',
    fleetSlots: SLOTS,
    firstSlot: 0,
    slots: SLOTS,
    firstProbeSlot: SLOTS,
    endpoints: [endpoint],
    path: '/events?topic={topic}',
    headers: {},
    streams: STREAMS,
    connectTimeoutMs: 5_000,
    maxInFlight: 100,
    initialInFlight: 4,
    maxRetries: 3,
    nodes: 1,
    ...PLAIN_WORKER,
    ...over,
  });
  t.after(() => fleet.stop());
  return fleet;
}

/** Looks at a state that announces itself by no event; the limit of the test run bounds the wait. */
async function until(reached: () => boolean): Promise<void> {
  while (!reached()) await delay(2);
}

async function ramp(fleet: Fleet, fromPosition: number, toPosition: number): Promise<void> {
  fleet.ramp({ fromPosition, toPosition, startUs: nowUs(), connectPerSecond: 2_000 });
  await until(() => fleet.progress().rampDoneUs !== null);
}

async function connectedFleet(t: TestContext, endpoint: Endpoint, over: Partial<WorkerStart> = {}) {
  const fleet = await startFleet(t, endpoint, over);
  await ramp(fleet, 0, SLOTS);
  fleet.settle();
  return fleet;
}

function phaseOf(count: number, ratePerSecond: number): PhaseSpec {
  return {
    id: 1,
    name: 'measure',
    firstIndex: 0,
    count,
    startUs: nowUs(),
    durationUs: (count * 1e6) / ratePerSecond,
    ratePerSecond,
    shape: [{ durationMs: (count * 1e3) / ratePerSecond, ratePerSecond }],
    arrivals: 'uniform',
    seed: 1,
    streams: STREAMS,
  };
}

async function publish(t: TestContext, { host, port }: Endpoint, spec: PhaseSpec): Promise<void> {
  const publisher = new Publisher({
    run: RUN,
    streams: STREAMS,
    payloadBytes: 64,
    urls: [`http://${host}:${port}/publish`],
    publishTo: 'every-node',
    batch: true,
    depth: 1,
    headers: {},
    topicHeader: true,
    ...PLAIN_PUBLISHER,
  });
  t.after(() => publisher.stop());
  assert.equal((await publisher.phase(spec)).sent, spec.count);
}

async function collected(fleet: Fleet) {
  await until(() => fleet.progress().phases[0].missing === 0);
  return fleet.recorder.collect({
    phase: 1,
    untilIndex: null,
    expectedSlots: fleet.expected,
    firstSlot: 0,
  });
}

test('a ramp in stretches opens every slot once, and settled all are expected', async (t) => {
  const { server, endpoint } = await startServer(t);
  const fleet = await startFleet(t, endpoint);
  await ramp(fleet, 0, 10);
  assert.equal(fleet.progress().live, 10);
  await ramp(fleet, 10, SLOTS);
  fleet.settle();
  const { attempted, established, live, failed, inFlight, ramp: steps } = fleet.report();
  assert.deepEqual(
    { attempted, established, live, failed, inFlight },
    { attempted: SLOTS, established: SLOTS, live: SLOTS, failed: 0, inFlight: 0 },
  );
  assert.equal(fleet.tally.handshake.totalCount, SLOTS);
  assert.equal(steps.at(-1)?.established, SLOTS);
  assert.equal(server.stats().accepted, SLOTS);
  assert.ok(fleet.expected.every((expected) => expected === 1));
});

test('a fleet opens only its own slots of the order', async (t) => {
  const { server, endpoint } = await startServer(t);
  const own = { firstSlot: 4, slots: 8 };
  const fleet = await connectedFleet(t, endpoint, own);
  assert.equal(fleet.tally.live, own.slots);
  assert.equal(server.stats().accepted, own.slots);
});

test('every message of a phase is booked once to every subscriber', async (t) => {
  const { endpoint } = await startServer(t);
  const fleet = await connectedFleet(t, endpoint);
  const spec = phaseOf(60, 600);
  fleet.recorder.add(spec);
  await publish(t, endpoint, spec);
  const { expected, received, lost, duplicated, reordered, exact } = await collected(fleet);
  const all = (60 * SLOTS) / STREAMS;
  assert.deepEqual(
    { expected, received, lost, duplicated, reordered, exact },
    { expected: all, received: all, lost: 0, duplicated: 0, reordered: 0, exact: true },
  );
  assert.equal(fleet.report().foreign, 0);
});

test('connections that are churned resume and lose nothing', async (t) => {
  const { endpoint } = await startServer(t);
  const fleet = await connectedFleet(t, endpoint);
  const first = phaseOf(STREAMS, 600);
  fleet.recorder.add({ ...first, id: 0 });
  // A connection resumes after the last id that it saw: each sees one before the churn begins.
  await publish(t, endpoint, first);
  await until(() => fleet.progress().phases[0].missing === 0);
  fleet.recorder.collect({ phase: 0, untilIndex: null, expectedSlots: fleet.expected, firstSlot: 0 });
  const spec = { ...phaseOf(150, 300), firstIndex: STREAMS };
  fleet.recorder.add(spec);
  fleet.setChurn(200);
  await publish(t, endpoint, spec);
  await until(() => fleet.tally.churned > 20);
  fleet.setChurn(0);
  const { received, lost, duplicated } = await collected(fleet);
  assert.deepEqual(
    { received, lost, duplicated },
    { received: (150 * SLOTS) / STREAMS, lost: 0, duplicated: 0 },
  );
  await until(() => fleet.tally.live === SLOTS);
  const { dropped, reconnects, gaveUp, gaps } = fleet.tally.counts();
  assert.deepEqual({ dropped, reconnects, gaveUp, gaps }, { dropped: 0, reconnects: 0, gaveUp: 0, gaps: 0 });
});

test('where the server stops, drops, attempts to come back and giving up are counted', async (t) => {
  const { server, endpoint } = await startServer(t, 0);
  const fleet = await connectedFleet(t, endpoint, { maxRetries: 1 });
  await server.stop();
  await until(() => fleet.tally.gaveUp === SLOTS);
  const { live, inFlight, dropped, reconnects, failed } = fleet.tally.counts();
  assert.deepEqual(
    { live, inFlight, dropped, reconnects, failed },
    { live: 0, inFlight: 0, dropped: SLOTS, reconnects: SLOTS, failed: 0 },
  );
  const refused = fleet.report().failures.filter(({ reason }) => reason === 'refused');
  assert.equal(
    refused.reduce((sum, { count }) => sum + count, 0),
    SLOTS,
  );
});

test('a server that is not there fails the ramp after so many attempts', async (t) => {
  const { server, endpoint } = await startServer(t);
  await server.stop();
  const fleet = await connectedFleet(t, endpoint, { maxRetries: 0 });
  const { attempted, established, failed, gaveUp } = fleet.tally.counts();
  assert.deepEqual(
    { attempted, established, failed, gaveUp },
    { attempted: SLOTS, established: 0, failed: SLOTS, gaveUp: 0 },
  );
  assert.ok(fleet.expected.every((expected) => expected === 0));
});

/** A server that says `retry: 0` and hangs up on command; `dropping`: at once. */
async function startDropping(t: TestContext) {
  const sockets = new Set<Socket>();
  const state = { endpoint: { host: HOST, port: 0 }, accepted: 0, dropping: false, sockets };
  const server = createTcpServer((socket) => {
    state.accepted++;
    sockets.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => sockets.delete(socket));
    socket.once('data', () => {
      socket.write('HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\nretry: 0\n\n');
      if (state.dropping) socket.end();
    });
  });
  server.listen(0, HOST);
  await once(server, 'listening');
  t.after(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  const address = server.address();
  assert.ok(address !== null && typeof address === 'object');
  state.endpoint.port = address.port;
  return state;
}

test('a server that accepts and drops with retry: 0 is given up after the retries', async (t) => {
  const server = await startDropping(t);
  const fleet = await connectedFleet(t, server.endpoint, { maxRetries: 2 });
  server.dropping = true;
  for (const socket of server.sockets) socket.end();
  await until(() => fleet.tally.gaveUp === SLOTS);
  const { dropped, reconnects, live } = fleet.tally.counts();
  assert.deepEqual({ dropped, reconnects, live }, { dropped: 3 * SLOTS, reconnects: 2 * SLOTS, live: 0 });
  assert.equal(server.accepted, 3 * SLOTS);
});
