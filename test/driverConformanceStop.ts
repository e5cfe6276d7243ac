import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { CloseReason, DriverInfo } from '../contract/loadDriver.ts';
import { PLAIN_DRIVER } from '../contract/loadDriver.ts';
import { type Script, ScriptedServer } from './driverConformanceServer.ts';
import type { DriverFixture } from './driverFixture.ts';

/** Sockets and timers that keep this process alive, without those of the test runner. */
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

/** What a driver owes after `stop`. */
export function driverStop(info: DriverInfo, fixture: DriverFixture): void {
  describe(`${info.protocol} ${info.kind} driver, ${fixture.name}, stopped`, () => {
    it('leaves no socket and no timer, of live connections and of those that still connect', async () => {
      const before = process.getActiveResourcesInfo();
      const live: Script = (connection) => fixture.speak(connection, []);
      const server = new ScriptedServer([live, live, () => {}], fixture.security?.server);
      await server.start();
      const reasons: CloseReason[] = [];
      let bothOpen = (): void => {};
      const opened = new Promise<void>((resolve) => {
        bothOpen = resolve;
      });
      let open = 0;
      const driver = await info.create({
        slots: 5,
        connectTimeoutMs: 60_000,
        ...PLAIN_DRIVER,
        polling: fixture.polling,
        security: fixture.security?.client ?? null,
        target: () => ({ host: '127.0.0.1', port: server.port, path: fixture.path, headers: {} }),
        events: {
          opened: () => {
            if (++open === 2) bothOpen();
          },
          message: () => {},
          state: () => {},
          gap: () => {},
          retryAfter: () => {},
          closed: (_slot, detail) => reasons.push(detail.reason),
        },
      });
      for (let slot = 0; slot < 4; slot++) driver.open(slot);
      await opened;
      await Promise.all([driver.stop(), driver.stop()]);
      assert.deepEqual(reasons, Array(4).fill('closed-by-client'));
      assert.throws(() => driver.open(4), { name: 'BenchError' });
      await server.stop();
      assert.deepEqual(await turnsUntilNoHandles(before), []);
    });
  });
}
