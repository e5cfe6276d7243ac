import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { describe, type TestContext, test } from 'node:test';
import { nowUs } from '../contract/clock.ts';
import type { BusKind } from '../contract/pushServer.ts';
import { PrivateRedis } from '../runners/broker/redisBroker.ts';
import type { Bus, BusMessage } from '../servers/bus/bus.ts';
import { BusUnavailable } from '../servers/bus/bus.ts';
import { createBus } from '../servers/bus/createBus.ts';
import { EmbeddedHub } from '../servers/bus/embedded/hub.ts';
import { busAddress } from '../servers/bus/redis/busAddress.ts';
import { RedisLink } from '../servers/bus/redis/redisLink.ts';
import { requireService } from './requireService.ts';
import { until } from './serverConformanceClient.ts';

/** What carries the bus under test, and what may be done to it. */
interface Carrier {
  readonly url: string;
  /** Ends it as a crash would, and starts it again on the same port with what it kept. */
  restart(): Promise<void>;
}

const redis = requireService('redis-server');
const KINDS: readonly { kind: BusKind; keeps: boolean; skip: string | false; carrier: typeof startHub }[] = [
  { kind: 'embedded', keeps: true, skip: false, carrier: startHub },
  { kind: 'redis-pubsub', keeps: false, skip: redis.skip, carrier: startRedis },
  { kind: 'redis-streams', keeps: true, skip: redis.skip, carrier: startRedis },
];

async function startHub(t: TestContext): Promise<Carrier> {
  let hub = new EmbeddedHub();
  const url = await hub.listen();
  t.after(() => hub.stop());
  return {
    url,
    async restart() {
      await hub.stop();
      hub = new EmbeddedHub();
      await hub.listen(Number(new URL(url).port));
    },
  };
}

async function startRedis(t: TestContext): Promise<Carrier> {
  // So that what was answered is there after a crash.
  const server = await PrivateRedis.create('always');
  t.after(() => server.stop());
  await server.start();
  return {
    url: `${server.url}?prefix=${t.name.replaceAll(/\W/g, '')}`,
    async restart() {
      await server.kill('SIGKILL');
      await server.start();
    },
  };
}

/** A node as the bus sees it. */
class Node {
  readonly bus: Bus;
  readonly live: BusMessage[] = [];
  readonly history: BusMessage[] = [];
  readonly skipped: number[] = [];
  readonly notices: string[] = [];
  isConnected = false;

  constructor(bus: Bus) {
    this.bus = bus;
  }

  start(): Promise<void> {
    return this.bus.start({
      messages: (messages, isLive) => (isLive ? this.live : this.history).push(...messages),
      skipped: (toId) => this.skipped.push(toId),
      notice: (bytes) => this.notices.push(bytes.toString()),
      connection: (isConnected) => {
        this.isConnected = isConnected;
      },
    });
  }

  publish(...bodies: readonly (string | Buffer)[]): Promise<number> {
    const records = bodies.map((body) => ({ topic: 't', data: Buffer.from(body) }));
    return this.bus.publish(records, nowUs());
  }

  bodies(): string[] {
    return this.live.map(({ data }) => data.toString());
  }
}

async function join(t: TestContext, kind: BusKind, url: string): Promise<Node> {
  const node = new Node(await createBus(kind, url));
  t.after(() => node.bus.stop());
  await node.start();
  return node;
}

/** Publishes bodies one after the other, and notes the ids of those that were taken. */
async function publishOneByOne(node: Node, taken: Map<number, string>, count: number): Promise<void> {
  for (let n = 0; n < count; n++) {
    const body = `${count}.${n}`;
    try {
      taken.set(await node.publish(body), body);
    } catch (error) {
      // Refused, or never answered: it may have been taken or not.
      assert.ok(error instanceof BusUnavailable);
    }
    await new Promise(setImmediate);
  }
}

/** A line to the bus that can be cut. */
async function startLine(t: TestContext, url: string): Promise<{ url: string; cut(): void; heal(): void }> {
  const { hostname, port, protocol, search } = new URL(url);
  const sockets = new Set<Socket>();
  let isCut = false;
  const server = createServer((near) => {
    const far = connect(Number(port), hostname);
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on('error', () => {});
      socket.on('close', () => {
        near.destroy();
        far.destroy();
      });
    }
    if (isCut) near.destroy();
    else near.pipe(far).pipe(near);
  }).listen(0, hostname);
  await once(server, 'listening');
  const cut = (): void => {
    isCut = true;
    for (const socket of sockets) socket.destroy();
  };
  t.after(() => {
    cut();
    server.close();
  });
  const address = server.address();
  return {
    url: `${protocol}//${hostname}:${typeof address === 'object' ? address?.port : 0}/${search}`,
    cut,
    heal() {
      isCut = false;
    },
  };
}

for (const { kind, keeps, skip, carrier } of KINDS) {
  describe(`bus ${kind}`, { skip, timeout: 30_000 }, () => {
    test('every node gets every message, the publishing one too, in one order, ids consecutive', async (t) => {
      const { url } = await carrier(t);
      const nodes = [await join(t, kind, url), await join(t, kind, url), await join(t, kind, url)];
      const sent = 50;
      await Promise.all(
        nodes.flatMap((node, n) => Array.from({ length: sent }, (_, i) => node.publish(`${n}.${i}`))),
      );
      await until(() => nodes.every(({ live }) => live.length === 3 * sent));
      for (const { live } of nodes) {
        assert.deepEqual(live, nodes[0].live);
        assert.deepEqual(
          live.map(({ id }) => id),
          Array.from({ length: 3 * sent }, (_, i) => i + 1),
        );
      }
      for (const [n] of nodes.entries()) {
        const own = nodes[0].bodies().filter((body) => body.startsWith(`${n}.`));
        assert.deepEqual(
          own,
          Array.from({ length: sent }, (_, i) => `${n}.${i}`),
        );
      }
    });

    test('a batch gets ids in its order, and its last one is answered', async (t) => {
      const { url } = await carrier(t);
      const [a, b] = [await join(t, kind, url), await join(t, kind, url)];
      assert.equal(await a.publish('1', '2', '3'), 3);
      assert.equal(await b.publish('4'), 4);
      await until(() => b.live.length === 4);
      assert.deepEqual(b.bodies(), ['1', '2', '3', '4']);
      assert.deepEqual(
        b.live.map(({ id }) => id),
        [1, 2, 3, 4],
      );
    });

    test('any bytes come through, and the time of the hand-over', async (t) => {
      const { url } = await carrier(t);
      const node = await join(t, kind, url);
      const bodies = [Buffer.alloc(0), Buffer.from([0, 10, 13, 255, 254]), Buffer.alloc(300_000, 0xc3)];
      const publishedUs = nowUs();
      await node.bus.publish(
        bodies.map((data) => ({ topic: '&%{}~', data })),
        publishedUs,
      );
      await until(() => node.live.length === bodies.length);
      assert.deepEqual(
        node.live.map(({ data }) => data),
        bodies,
      );
      for (const message of node.live) {
        assert.equal(message.topic, '&%{}~');
        assert.ok(Math.abs(message.publishedUs - publishedUs) < 1);
      }
    });

    test('a notice reaches all nodes and takes no id', async (t) => {
      const { url } = await carrier(t);
      const [a, b] = [await join(t, kind, url), await join(t, kind, url)];
      a.bus.announce(Buffer.from('one'));
      a.bus.announce(Buffer.from('two'));
      await until(() => a.notices.length === 2 && b.notices.length === 2);
      assert.deepEqual(b.notices, ['one', 'two']);
      assert.equal(await b.publish('x'), 1);
    });

    test('a new node begins where the bus is, with what the bus kept as history', async (t) => {
      const { url } = await carrier(t);
      const old = await join(t, kind, url);
      await old.publish('1', '2', '3');
      const late = await join(t, kind, url);
      await old.publish('4');
      await until(() => late.live.length === 1);
      assert.deepEqual(
        late.live.map(({ id }) => id),
        [4],
      );
      assert.deepEqual(
        late.history.map(({ id }) => id),
        keeps ? [1, 2, 3] : [],
      );
      assert.equal(late.bus.counts().lost, 0);
      assert.deepEqual(late.skipped, [keeps ? 0 : 3]);
    });

    test('takes nothing while it is away, and goes on when it is back', async (t) => {
      const { url, restart } = await carrier(t);
      const [a, b] = [await join(t, kind, url), await join(t, kind, url)];
      const before = await a.publish('before');
      await until(() => a.live.length === 1 && b.live.length === 1);
      const back = restart();
      await until(() => !a.isConnected && !b.isConnected);
      await assert.rejects(a.publish('during'), BusUnavailable);
      await back;
      await until(() => a.isConnected && b.isConnected);
      assert.ok((await b.publish('after')) > before);
      await until(() => a.live.length === 2 && b.live.length === 2);
      for (const node of [a, b]) {
        assert.deepEqual(node.bodies(), ['before', 'after']);
        assert.deepEqual(node.bus.counts(), { lost: 0, reconnects: 1, damaged: 0 });
      }
    });

    test('a crash under load gives no id twice, and what is lost is counted', async (t) => {
      const { url, restart } = await carrier(t);
      const nodes = [await join(t, kind, url), await join(t, kind, url)];
      const taken = new Map<number, string>();
      const before = publishOneByOne(nodes[0], taken, 100);
      await until(() => taken.size > 20);
      await restart();
      await before;
      await until(() => nodes.every(({ isConnected }) => isConnected));
      await publishOneByOne(nodes[1], taken, 20);
      const lastId = Math.max(...taken.keys());
      const accounted = new Set<number>();
      for (const node of nodes) {
        await until(() => node.live.at(-1)?.id === lastId);
        const got = new Map(node.live.map(({ id, data }) => [id, data.toString()]));
        assert.equal(got.size, node.live.length);
        accounted.add(node.bus.counts().lost + got.size);
        if (kind === 'redis-streams')
          assert.deepEqual(
            [...taken].filter(([id, body]) => got.get(id) !== body),
            [],
          );
      }
      // A hub that crashed knows no more what it gave: only what Redis wrote down can be counted to the last one.
      if (kind === 'embedded') return;
      const [given] = accounted;
      assert.equal(accounted.size, 1);
      assert.ok(given >= taken.size, `${taken.size} taken, ${given} accounted for`);
    });

    test(`a node that was cut off ${keeps ? 'gets what it missed' : 'counts what it missed'}`, async (t) => {
      const { url } = await carrier(t);
      const line = await startLine(t, url);
      const [there, away] = [await join(t, kind, url), await join(t, kind, line.url)];
      await there.publish('0');
      await until(() => away.live.length === 1);
      line.cut();
      await until(() => !away.isConnected);
      await there.publish('1', '2');
      await there.publish('3');
      line.heal();
      await until(() => away.isConnected);
      // Pub/Sub knows by the mark of the return alone, with no later message.
      assert.equal(away.bus.counts().lost, keeps ? 0 : 3);
      await there.publish('4');
      await until(() => away.bodies().at(-1) === '4');
      assert.deepEqual(away.bodies(), keeps ? ['0', '1', '2', '3', '4'] : ['0', '4']);
      assert.deepEqual(away.skipped.slice(1), keeps ? [] : [4]);
      assert.equal(there.bus.counts().lost, 0);
    });

    test('says what is wrong with a bus that is not there', async (t) => {
      const { url } = await carrier(t);
      const other = new URL(url);
      other.port = '1';
      const bus = await createBus(kind, other.href);
      await assert.rejects(new Node(bus).start(), /ECONNREFUSED/);
      await assert.rejects(createBus(kind, 'http://127.0.0.1'), /needs a URL that begins with/);
      await assert.rejects(createBus(kind, null), /none was given/);
    });
  });
}

for (const kind of ['redis-pubsub', 'redis-streams'] as const) {
  test(`${kind}: gives no id twice after the loss of its last writes, whoever comes back first`, {
    skip: redis.skip,
    timeout: 30_000,
  }, async (t) => {
    const { url, restart } = await startRedis(t);
    const lines = [await startLine(t, url), await startLine(t, url)];
    const more = await join(t, kind, lines[0].url);
    const less = await join(t, kind, lines[1].url);
    await more.publish('1');
    await until(() => less.live.length === 1);
    lines[1].cut();
    await until(() => !less.isConnected);
    const knownId = await more.publish('2', '3', '4');
    lines[0].cut();
    const { counterKey, streamKey } = busAddress(new URL(url));
    const link = new RedisLink(busAddress(new URL(url)), { up() {}, down() {} });
    await link.connect();
    await link.command('SET', counterKey, '2');
    await link.command('XTRIM', streamKey, 'MAXLEN', '0');
    link.stop();
    await restart();
    lines[1].heal();
    await until(() => less.isConnected);
    const newId = await less.publish('new');
    assert.ok(newId > knownId, `${newId} was given after ${knownId}`);
    lines[0].heal();
    await until(() => more.isConnected);
    await less.publish('newer');
    await until(() => more.bodies().at(-1) === 'newer');
  });
}

describe('a channel on which strangers publish', { skip: redis.skip, timeout: 30_000 }, () => {
  test('what is none of ours is counted, and the next message comes', async (t) => {
    const { url } = await startRedis(t);
    const node = await join(t, 'redis-pubsub', url);
    const { messageChannel } = busAddress(new URL(url));
    const stranger = new RedisLink(busAddress(new URL(url)), { up() {}, down() {} });
    t.after(() => stranger.stop());
    await stranger.connect();
    for (const text of ['', 'hello', '\n', 'x\ny', '7 0\nabc'])
      await stranger.command('PUBLISH', messageChannel, text);
    await node.publish('ours');
    await until(() => node.live.length === 1);
    assert.deepEqual(node.bodies(), ['ours']);
    assert.equal(node.bus.counts().damaged, 5);
  });
});
