import { BenchError, EXIT, messageOf } from '../../../contract/errors.ts';
import type { BatchRecord } from '../../http/batch.ts';
import { backOffMs } from '../backOff.ts';
import { type Bus, type BusCounts, type BusListener, BusUnavailable } from '../bus.ts';
import { MessageOrder } from '../messageOrder.ts';
import { type BusAddress, busAddress } from './busAddress.ts';
import { RedisLink } from './redisLink.ts';

/** Time for the bus to be joined once Redis answers, milliseconds. */
const JOIN_MS = 5_000;
/** Time for Redis to take a message, milliseconds: one that stands still keeps its connection, and answers nothing. */
const PUBLISH_MS = 5_000;

/** What the two Redis buses differ in: how messages go in and come out. */
export interface RedisTransport {
  /** Scripts, as the connection for commands needs them. */
  load(commands: RedisLink): Promise<void>;
  /** Channels of the connection for subscriptions, beside that of the notices. */
  readonly channels: readonly (readonly [channel: string, listener: (bytes: Buffer) => void])[];
  /** All connections are there: join, or find out what was missed. The order has its place when it resolves. */
  join(commands: RedisLink): Promise<void>;
  /** @returns the last id given. */
  publish(commands: RedisLink, records: readonly BatchRecord[], publishedUs: number): Promise<number>;
  stop?(): void;
}

export type CreateTransport = (parts: {
  readonly address: BusAddress;
  readonly order: MessageOrder;
}) => RedisTransport;

/** A node's end of a bus over Redis: one connection for commands, one for subscriptions. */
export class RedisBus implements Bus {
  readonly #address: BusAddress;
  readonly #createTransport: CreateTransport;
  readonly #publishMs: number;
  readonly #commands: RedisLink;
  readonly #subscriber: RedisLink;
  #transport: RedisTransport | null = null;
  #listener: BusListener | null = null;
  #order: MessageOrder | null = null;
  #isConnected = false;
  #isStopped = false;
  #joins = 0;
  #damaged = 0;
  #failedJoins = 0;
  #retry: NodeJS.Timeout | undefined;

  constructor(url: URL, createTransport: CreateTransport, publishMs = PUBLISH_MS) {
    this.#address = busAddress(url);
    this.#createTransport = createTransport;
    this.#publishMs = publishMs;
    const listener = { up: () => this.#rejoin(), down: () => this.#down() };
    this.#commands = new RedisLink(this.#address, listener);
    this.#subscriber = new RedisLink(this.#address, listener);
  }

  async start(listener: BusListener): Promise<void> {
    const order = new MessageOrder(listener);
    const transport = this.#createTransport({ address: this.#address, order });
    this.#order = order;
    this.#listener = listener;
    try {
      await Promise.all([this.#commands.connect(), this.#subscriber.connect()]);
      for (const [channel, take] of transport.channels) await this.#subscribe(channel, take);
      await this.#subscribe(this.#address.noticeChannel, (bytes) => listener.notice(bytes));
      this.#transport = transport;
      await within(JOIN_MS, this.#join(transport));
    } catch (error) {
      await this.stop();
      throw error instanceof BenchError ? error : this.#notJoined(error);
    }
  }

  async publish(records: readonly BatchRecord[], publishedUs: number): Promise<number> {
    const transport = this.#transport;
    if (!this.#isConnected || transport === null) throw new BusUnavailable('Redis is not connected');
    try {
      return await within(
        this.#publishMs,
        this.#assigned(transport.publish(this.#commands, records, publishedUs)),
      );
    } catch (error) {
      // Somebody flushed the scripts: the next publish finds them again.
      if (messageOf(error).startsWith('NOSCRIPT')) this.#rejoin();
      throw new BusUnavailable(messageOf(error), { cause: error });
    }
  }

  announce(notice: Buffer): void {
    if (!this.#isConnected) return;
    // One that is not taken is one that was dropped: what it said is said again in the next snapshot.
    this.#commands.command('PUBLISH', this.#address.noticeChannel, notice).catch(() => {});
  }

  counts(): BusCounts {
    const reconnects = Math.max(0, this.#joins - 1);
    return { lost: this.#order?.lost ?? 0, reconnects, damaged: this.#damaged };
  }

  async stop(): Promise<void> {
    if (this.#isStopped) return;
    this.#isStopped = true;
    clearTimeout(this.#retry);
    this.#transport?.stop?.();
    // Answered after all that was sent before it: what was announced last has gone out.
    if (this.#isConnected) await within(1_000, this.#commands.command('PING')).catch(() => {});
    this.#isConnected = false;
    this.#commands.stop();
    this.#subscriber.stop();
  }

  /** Anybody may publish on a channel: what is none of ours is counted, and does not end the connection. */
  #subscribe(channel: string, take: (bytes: Buffer) => void): Promise<void> {
    return this.#subscriber.subscribe(channel, (bytes) => {
      try {
        take(bytes);
      } catch (error) {
        if (!(error instanceof RangeError)) throw error;
        this.#damaged++;
      }
    });
  }

  async #join(transport: RedisTransport): Promise<void> {
    await transport.load(this.#commands);
    await transport.join(this.#commands);
    if (this.#isStopped) return;
    this.#joins++;
    this.#isConnected = true;
    this.#listener?.connection(true);
  }

  /** An id that is told too late was given all the same. */
  async #assigned(publishing: Promise<number>): Promise<number> {
    const lastId = await publishing;
    this.#order?.assigned(lastId);
    return lastId;
  }

  /** Either connection came back. Where the other is still away, its own return calls this again. */
  #rejoin(): void {
    const transport = this.#transport;
    clearTimeout(this.#retry);
    if (transport === null || this.#isStopped || !this.#commands.isUp || !this.#subscriber.isUp) return;
    this.#down();
    this.#join(transport).then(
      () => {
        this.#failedJoins = 0;
      },
      // A Redis that was just started answers LOADING until it has read its files.
      () => {
        if (this.#isStopped) return;
        this.#retry = setTimeout(() => this.#rejoin(), backOffMs(this.#failedJoins++));
      },
    );
  }

  #down(): void {
    if (!this.#isConnected) return;
    this.#isConnected = false;
    if (!this.#isStopped) this.#listener?.connection(false);
  }

  #notJoined(error: unknown): BenchError {
    return new BenchError(`cannot join the bus at ${this.#address.shown}: ${messageOf(error)}`, {
      exitCode: EXIT.systemUnderTest,
      hint: 'The user of this Redis must be allowed scripts, pub/sub and streams; version 5 or newer.',
      cause: error,
    });
  }
}

/** @throws Error when `work` takes longer. */
export async function within<T>(limitMs: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${limitMs} ms`)), limitMs);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
