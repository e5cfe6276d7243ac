import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readlink, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { test } from 'node:test';
import type { BusKind } from '../../contract/pushServer.ts';
import { requireService } from '../../test/requireService.ts';
import { checkBus } from '../broker/checkBus.ts';
import { startBroker } from '../roleClient.ts';
import { readProcess } from '../samplers/process.ts';

const { skip } = requireService('redis-server');

/** Resolves once nothing listens at the URL any more. */
async function closed(url: string): Promise<void> {
  const { hostname, port } = new URL(url);
  for (;;) {
    const socket = connect(Number(port), hostname);
    // Rejects with the error of a refused connection.
    const isOpen = await once(socket, 'connect').then(
      () => true,
      () => false,
    );
    socket.destroy();
    if (!isOpen) return;
  }
}

for (const kind of ['embedded', 'redis-pubsub', 'redis-streams'] satisfies BusKind[]) {
  test(`a broker of ${kind} serves until it is stopped, and leaves nothing`, {
    skip: kind === 'embedded' ? false : skip,
  }, async (t) => {
    const broker = startBroker();
    t.after(() => broker.stop());
    const { url, pid, name } = await broker.request('start', { kind });
    assert.equal(pid === broker.pid, kind === 'embedded');
    assert.notEqual(readProcess(pid), null);
    assert.ok(name.startsWith(await checkBus(kind, url)), name);
    await broker.stop();
    await closed(url);
    assert.equal(readProcess(pid), null);
  });
}

test('a redis-server ends with a broker that is killed outright', { skip }, async (t) => {
  const broker = startBroker();
  t.after(() => broker.stop());
  const { url, pid } = await broker.request('start', { kind: 'redis-streams' });
  // Nobody is left to remove its data but this test: it is where the process works.
  const folder = await readlink(`/proc/${pid}/cwd`);
  t.after(() => rm(folder, { recursive: true, force: true }));
  broker.kill();
  await closed(url);
});
