import assert from 'node:assert/strict';
import { it } from 'node:test';
import type { DriverInfo } from '../contract/loadDriver.ts';
import { WatchedDriver } from './h2Exchange.ts';
import type { H2Fixture } from './h2Fixture.ts';
import { type H2Script, H2ScriptedServer } from './h2ScriptedServer.ts';

const SLOTS = 10;
const PER_CONNECTION = 4;

/** Slots on shared connections: what one of them goes through must not be felt by the others. */
export function driverSharing(info: DriverInfo, fixture: H2Fixture): void {
  const live: H2Script = (asked) => {
    asked.answer(fixture.head, fixture.trailers);
    asked.stream.write(fixture.encode([{ kind: 'message', data: 'one' }]));
  };
  const openAll = (watched: WatchedDriver): Promise<void> => {
    for (let slot = 0; slot < SLOTS; slot++) watched.open(slot);
    return watched.until(() => watched.attempts.every(([log]) => log.messages.length === 1));
  };

  it('shares a connection among the slots of a group', async () => {
    await serving(info, fixture, [live], async (server, watched) => {
      await openAll(watched);
      assert.equal(server.connections, Math.ceil(SLOTS / PER_CONNECTION));
      assert.equal(watched.driver.connections?.(), server.connections);
    });
  });

  it('goes on with the others where one slot is closed, and opens it again on the same connection', async () => {
    await serving(info, fixture, [live], async (server, watched) => {
      await openAll(watched);
      watched.driver.close(1);
      assert.equal((await watched.ended(1)).reason, 'closed-by-client');
      // The server is told, though the connection stays.
      await Promise.race(server.requests.map(({ closed }) => closed));
      watched.open(1);
      await watched.until(() => watched.last(1).messages.length === 1);
      for (const { stream } of server.requests) {
        if (!stream.destroyed) stream.write(fixture.encode([{ kind: 'message', data: 'two' }]));
      }
      await watched.until(() =>
        watched.attempts.every((logs) => logs[logs.length - 1].messages.includes('two')),
      );
      assert.equal(server.connections, 3);
      assert.equal(watched.attempts[0].length, 1);
    });
  });

  it('tells every slot of a connection that is cut, and none of another', async () => {
    await serving(info, fixture, [live], async (server, watched) => {
      await openAll(watched);
      server.requests[0].cut();
      await watched.until(() => watched.attempts.filter(([log]) => log.detail !== null).length >= 4);
      const ended = watched.attempts.map(([log]) => log.detail).filter((detail) => detail !== null);
      assert.deepEqual(
        ended.map(({ reason, retryable }) => ({ reason, retryable })),
        Array(PER_CONNECTION).fill({ reason: 'closed-by-server', retryable: true }),
      );
    });
  });

  if (info.kind === 'lean' || !fixture.probeEndsAtGoaway) afterGoaway(info, fixture, live);

  it('keeps slots that go to another address on a connection of their own', async () => {
    const other = new H2ScriptedServer([live], fixture.security?.server);
    await other.start();
    await serving(
      info,
      fixture,
      [live],
      async (server, watched) => {
        await openAll(watched);
        assert.deepEqual([server.connections, other.connections], [3, 3]);
      },
      (slot) => (slot % 2 === 0 ? other.port : null),
    ).finally(() => other.stop());
  });

  it('leaves no socket and no timer when stopped, of live streams and of those that still connect', async () => {
    const before = process.getActiveResourcesInfo();
    const server = new H2ScriptedServer([live, live, () => {}], fixture.security?.server);
    await server.start();
    const watched = await watch(info, fixture, () => server.port);
    for (let slot = 0; slot < 4; slot++) watched.open(slot);
    await watched.until(() => watched.attempts.filter(([log]) => log?.messages.length === 1).length === 2);
    await Promise.all([watched.driver.stop(), watched.driver.stop()]);
    assert.deepEqual(
      watched.attempts.slice(0, 4).map(([log]) => log.detail?.reason),
      Array(4).fill('closed-by-client'),
    );
    assert.throws(() => watched.driver.open(4), { name: 'BenchError' });
    await server.stop();
    assert.deepEqual(await turnsUntilNoHandles(before), []);
  });
}

function afterGoaway(info: DriverInfo, fixture: H2Fixture, live: H2Script): void {
  it('opens new streams on another connection after GOAWAY', async () => {
    await serving(info, fixture, [live], async (server, watched) => {
      watched.open(0);
      await watched.until(() => watched.last(0).messages.length === 1);
      const [{ session }] = server.requests;
      session.goaway(0);
      // What the client has read of this stream, it has read after the GOAWAY.
      server.requests[0].stream.write(fixture.encode([{ kind: 'message', data: 'two' }]));
      await watched.until(() => watched.last(0).messages.length === 2);
      watched.open(1);
      await watched.until(() => watched.last(1).messages.length === 1);
      assert.equal(server.connections, 2);
      assert.equal(watched.last(0).detail, null);
    });
  });
}

function watch(
  info: DriverInfo,
  fixture: H2Fixture,
  portOf: (slot: number) => number,
): Promise<WatchedDriver> {
  return WatchedDriver.create(info, fixture, {
    slots: SLOTS,
    streamsPerConnection: PER_CONNECTION,
    connectTimeoutMs: 60_000,
    target: (slot) => ({ host: '127.0.0.1', port: portOf(slot), path: fixture.path, headers: {} }),
  });
}

async function serving(
  info: DriverInfo,
  fixture: H2Fixture,
  scripts: readonly H2Script[],
  run: (server: H2ScriptedServer, watched: WatchedDriver) => Promise<void>,
  portOf: (slot: number) => number | null = () => null,
): Promise<void> {
  const server = new H2ScriptedServer(scripts, fixture.security?.server);
  await server.start();
  const watched = await watch(info, fixture, (slot) => portOf(slot) ?? server.port);
  try {
    await run(server, watched);
  } finally {
    await watched.driver.stop();
    await server.stop();
  }
}

/** Sockets and timers that keep this process alive, without those that were there before. */
function handles(before: readonly string[]): string[] {
  const left = process.getActiveResourcesInfo();
  for (const name of before) {
    const at = left.indexOf(name);
    if (at >= 0) left.splice(at, 1);
  }
  return left.filter((name) => name.startsWith('TCP') || name === 'Timeout');
}

/** Lets the event loop finish the closing of sockets: bounded by turns of the loop, not by time. */
async function turnsUntilNoHandles(before: readonly string[]): Promise<string[]> {
  for (let turn = 0; turn < 10_000 && handles(before).length > 0; turn++) {
    await new Promise((resolve) => setImmediate(resolve));
  }
  return handles(before);
}
