import { setTimeout as delay } from 'node:timers/promises';
import { messageOf } from '../contract/errors.ts';
import { SUBSCRIBE_METHOD } from '../contract/grpc.ts';
import type { CloseDetail, DriverOptions } from '../contract/loadDriver.ts';
import { PLAIN_DRIVER } from '../contract/loadDriver.ts';
import type { Endpoint } from '../contract/pushServer.ts';
import { createDriver } from '../runners/drivers/registry.ts';
import { forceGc } from '../runners/samplers/forceGc.ts';
import { type ComparedClient, HttpGetClient } from './clientsHttpGet.ts';
import {
  type BenchmarkMessage,
  type Client,
  isBenchmarkMessage,
  type MemoryPoint,
} from './clientsMessages.ts';

/** Process that holds the connections of one client under comparison. */

/** Connects in flight: below the listen backlog. */
const MAX_CONNECTING = 256;
/** For the allocator to give pages back after the collection. */
const SETTLE_MS = 100;

type ConnectOrder = Extract<BenchmarkMessage, { type: 'connect' }>;

function send(message: BenchmarkMessage): void {
  process.send?.(message);
}

async function createClient({ protocol, name }: Client, options: DriverOptions): Promise<ComparedClient> {
  if (name === 'http.get') return new HttpGetClient(options);
  return createDriver(protocol, name === 'lean driver' ? 'lean' : 'ecosystem', options);
}

/** Opens connections up to a number, and counts what arrives at all of them. */
class Connections {
  #client: ComparedClient | null = null;
  #started = 0;
  #opened = 0;
  #wanted = 0;
  #arrived = 0;
  #reached: () => void = () => {};
  #failed: (error: Error) => void = () => {};
  onArrivedAtAll: () => void = () => {};

  async create(client: Client, slots: number, endpoints: readonly Endpoint[]): Promise<void> {
    const { protocol, streamsPerConnection } = client;
    this.#client = await createClient(client, {
      slots,
      connectTimeoutMs: 30_000,
      ...PLAIN_DRIVER,
      grpc: SUBSCRIBE_METHOD,
      streamsPerConnection,
      target: (slot) => ({
        ...endpoints[Math.floor(slot / streamsPerConnection) % endpoints.length],
        path: protocol === 'grpc' ? `${SUBSCRIBE_METHOD.path}?topic=t0` : '/',
        headers: {},
      }),
      events: {
        opened: () => this.#onOpened(),
        message: () => this.#onMessage(),
        state: () => this.#onMessage(),
        gap: () => {},
        retryAfter: () => {},
        closed: (slot, detail) => this.#onClosed(slot, detail),
      },
    });
  }

  reach(connections: number): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#wanted = connections;
      this.#reached = resolve;
      this.#failed = reject;
      this.#fill();
    });
  }

  async stop(): Promise<void> {
    this.#failed = () => {};
    await this.#client?.stop();
  }

  #fill(): void {
    while (this.#started < this.#wanted && this.#started - this.#opened < MAX_CONNECTING) {
      this.#client?.open(this.#started++);
    }
  }

  #onOpened(): void {
    this.#opened++;
    if (this.#opened === this.#wanted) this.#reached();
    else this.#fill();
  }

  #onMessage(): void {
    this.#arrived++;
    if (this.#arrived % this.#opened === 0) this.onArrivedAtAll();
  }

  #onClosed(slot: number, detail: CloseDetail): void {
    this.#failed(new Error(`connection ${slot} ended: ${detail.reason}, ${detail.detail}`));
  }
}

async function memoryAt(connections: number): Promise<MemoryPoint> {
  await forceGc();
  await delay(SETTLE_MS);
  await forceGc();
  const { rss, heapUsed } = process.memoryUsage();
  return { connections, rssBytes: rss, heapBytes: heapUsed };
}

/** CPU of receiving `rounds` events at every connection, each asked for when the last has arrived everywhere. */
async function receive(connections: Connections, rounds: number): Promise<number> {
  const before = process.cpuUsage();
  await new Promise<void>((resolve) => {
    let left = rounds;
    connections.onArrivedAtAll = () => {
      left--;
      if (left === 0) resolve();
      else send({ type: 'next' });
    };
    send({ type: 'next' });
  });
  const { user, system } = process.cpuUsage(before);
  return user + system;
}

async function measure(order: ConnectOrder): Promise<void> {
  const slots = Math.max(...order.levels);
  const connections = new Connections();
  await connections.create(order.client, slots, order.endpoints);
  const memory: MemoryPoint[] = [];
  let connectMs = 0;
  for (const level of order.levels) {
    const startMs = performance.now();
    await connections.reach(level);
    connectMs += performance.now() - startMs;
    memory.push(await memoryAt(level));
  }
  const cpuUs = await receive(connections, order.rounds);
  send({ type: 'done', memory, deliveries: order.rounds * slots, cpuUs, connectSeconds: connectMs / 1000 });
  await connections.stop();
}

process.on('message', (message) => {
  if (!isBenchmarkMessage(message) || message.type !== 'connect') return;
  measure(message).catch((error: unknown) => send({ type: 'failed', error: messageOf(error) }));
});
process.once('disconnect', () => process.exit());
