import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { BenchError } from '../contract/errors.ts';
import { closedPort } from '../test/driverConformanceServer.ts';
import { PLAIN_TARGET } from '../test/plainTarget.ts';
import { checkTarget } from './checkTarget.ts';
import { Interrupted } from './session/interrupted.ts';

const RUNNING = new AbortController().signal;
const CONNECTS = 'connect: async () => ({ close() {} })';

/** What a check says of a server where the driver does this; null: it has nothing against it. */
async function saysOf(members: string): Promise<BenchError | null> {
  try {
    await check(members, RUNNING);
    return null;
  } catch (error) {
    assert.ok(error instanceof BenchError);
    return error;
  }
}

async function check(members: string, signal: AbortSignal): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'pushbench-driver-'));
  const driver = join(folder, 'driver.mjs');
  await writeFile(driver, `export default { ${members} };`);
  const url = `http://127.0.0.1:${await closedPort()}`;
  const target = { ...PLAIN_TARGET, url, protocol: 'custom' as const, path: '/', driver };
  try {
    await checkTarget(target, 1, signal, 200);
  } finally {
    await rm(folder, { recursive: true });
  }
}

for (const [what, members, says] of [
  ['is refused', 'connect: ({ url }) => fetch(url)', /not subscribed to by the driver: ECONNREFUSED/],
  ['never resolves', 'connect: () => new Promise(() => {})', /not subscribed within 200 ms/],
  ['ends at once', "connect: async ({ closed }) => (closed('too many'), { close() {} })", /: too many/],
  [
    'cannot publish',
    `${CONNECTS}, publisher: () => Promise.reject(new Error('denied'))`,
    /publisher of .* does not open: denied/,
  ],
  [
    'never gets its publisher',
    `${CONNECTS}, publisher: () => new Promise(() => {})`,
    /publisher of .* within 200 ms/,
  ],
] as const) {
  test(`a driver that ${what} is told of before any load`, async () => {
    const error = await saysOf(members);
    assert.equal(error?.exitCode, 6);
    assert.match(error?.message ?? '', says);
  });
}

test('a driver that connects, and opens its publisher, has nothing against it', async () => {
  assert.equal(await saysOf(CONNECTS), null);
  assert.equal(
    await saysOf(`${CONNECTS}, publisher: async () => ({ async publish() {}, close() {} })`),
    null,
  );
});

test('Ctrl-C is not kept waiting by a publisher that opens late, which is closed', async () => {
  const user = new AbortController();
  const opening = Promise.withResolvers<object>();
  const closed = Promise.withResolvers<void>();
  // The driver is loaded into this process.
  Object.assign(globalThis, {
    lateForTest: () => {
      user.abort();
      return opening.promise;
    },
  });
  await assert.rejects(check(`${CONNECTS}, publisher: () => lateForTest()`, user.signal), Interrupted);
  opening.resolve({ publish() {}, close: () => closed.resolve() });
  await closed.promise;
});
