import { after, type TestContext } from 'node:test';
import type { BusKind } from '../contract/pushServer.ts';
import { PrivateRedis } from '../runners/broker/redisBroker.ts';
import { EmbeddedHub } from '../servers/bus/embedded/hub.ts';

let redis: Promise<PrivateRedis> | null = null;
let buses = 0;

// Here, outside any test, it runs after the last of them.
after(async () => (await redis)?.stop());

/** One Redis for all tests of a file: each gets a prefix of its own in it. */
async function sharedRedis(): Promise<PrivateRedis> {
  const server = await PrivateRedis.create();
  await server.start();
  return server;
}

/** Address of a fresh bus; null where a server needs none. */
export async function busFor(t: TestContext, kind: BusKind | null): Promise<string | null> {
  if (kind === null) return null;
  if (kind === 'embedded') {
    const hub = new EmbeddedHub();
    t.after(() => hub.stop());
    return hub.listen();
  }
  redis ??= sharedRedis();
  return `${(await redis).url}?prefix=test${++buses}`;
}
