import { messageOf } from '../../../contract/errors.ts';
import { backOffMs } from '../backOff.ts';
import type { BusMessage } from '../bus.ts';
import type { MessageOrder } from '../messageOrder.ts';
import type { BusAddress } from './busAddress.ts';
import { type CreateTransport, RedisBus } from './redisBus.ts';
import { RedisLink } from './redisLink.ts';
import { LAST_ID, Script } from './script.ts';
import { StreamLength } from './streamLength.ts';

/** Messages of before its start that a new node takes into its replay buffer. */
const HISTORY = '8192';
const READ_AT_ONCE = '1024';

/**
 * KEYS: counter, epoch, stream; ARGV: known id, count, publishedUs, maximum length, then topic and data of each message.
 * The counter goes first: where an XADD fails half-way, the ids of the rest are lost, never given twice.
 */
const PUBLISH = new Script(`${LAST_ID}
local last = redis.call('INCRBY', KEYS[1], ARGV[2])
local id = last - tonumber(ARGV[2])
for i = 5, #ARGV, 2 do
  id = id + 1
  redis.call('XADD', KEYS[3], 'MAXLEN', '~', ARGV[4], string.format('%.0f-0', id), 't', ARGV[i], 'd', ARGV[i + 1], 'p', ARGV[3])
end
return string.format('%.0f', last)
`);

/** Messages of the entries of a stream, as XREAD and XREVRANGE answer them: `[id, [field, value, …]]` each. */
function readEntries(entries: unknown): BusMessage[] {
  if (!Array.isArray(entries)) return [];
  return entries.map(([id, [, topic, , data, , publishedUs]]: readonly [Buffer, readonly Buffer[]]) => ({
    id: Number.parseInt(id.toString('latin1'), 10),
    topic: topic.toString('latin1'),
    data,
    publishedUs: Number(publishedUs.toString('latin1')),
  }));
}

/** Reads the stream from where the order stands, on a connection that is blocked most of the time. */
class StreamReader {
  readonly #link: RedisLink;
  readonly #streamKey: string;
  readonly #order: MessageOrder;
  #isReading = false;
  #isStopped = false;
  #attempt = 0;
  #retry: NodeJS.Timeout | undefined;

  constructor(address: BusAddress, order: MessageOrder) {
    this.#streamKey = address.streamKey;
    this.#order = order;
    this.#link = new RedisLink(address, { up: () => this.#read(), down: () => {} });
  }

  connect(): Promise<void> {
    return this.#link.connect();
  }

  stop(): void {
    this.#isStopped = true;
    clearTimeout(this.#retry);
    this.#link.stop();
  }

  async #read(): Promise<void> {
    if (this.#isReading) return;
    this.#isReading = true;
    try {
      while (!this.#isStopped) {
        this.#order.receive(await this.#next());
        this.#attempt = 0;
      }
    } catch (error) {
      // Without its connection the reader goes on when that is back.
      if (this.#isStopped || !this.#link.isUp) return;
      // A Redis that was just started is there before it has read its files; any other error must be seen.
      if (!messageOf(error).startsWith('LOADING')) throw error;
      clearTimeout(this.#retry);
      this.#retry = setTimeout(() => this.#read(), backOffMs(this.#attempt++));
    } finally {
      this.#isReading = false;
    }
  }

  async #next(): Promise<BusMessage[]> {
    const after = `${this.#order.lastId ?? 0}-0`;
    const options = ['COUNT', READ_AT_ONCE, 'BLOCK', '0'];
    const answer = await this.#link.command('XREAD', ...options, 'STREAMS', this.#streamKey, after);
    return Array.isArray(answer) ? readEntries(answer[0]?.[1]) : [];
  }
}

const createTransport: CreateTransport = ({ address, order }) => {
  const { counterKey, epochKey, streamKey } = address;
  const keys = [counterKey, epochKey, streamKey];
  const reader = new StreamReader(address, order);
  const length = new StreamLength();

  /** A new node takes the tail of the stream as what it would have, had it been there. */
  async function joinNew(commands: RedisLink, lastId: number): Promise<void> {
    const tail = await commands.command('XREVRANGE', streamKey, '+', '-', 'COUNT', HISTORY);
    const history = readEntries(tail).reverse();
    const newestId = Math.max(lastId, history.at(-1)?.id ?? 0);
    order.begin(history.length > 0 ? history[0].id - 1 : lastId, newestId);
    order.receive(history);
    await reader.connect();
  }

  return {
    load: (commands) => PUBLISH.load(commands),
    channels: [],
    async join(commands) {
      // A count of 0 gives no id; it tells the last one, and makes sure that it is none of before a loss of data.
      const lastId = await PUBLISH.call(commands, keys, [String(order.knownId), '0']);
      if (order.lastId === null) await joinNew(commands, lastId);
      else order.epochEnded(Number(await commands.command('HGET', epochKey, 'ended')));
    },
    publish(commands, records, publishedUs) {
      const numbers = [order.knownId, records.length, publishedUs, length.after(records)];
      const messages = records.flatMap(({ topic, data }) => [topic, data]);
      return PUBLISH.call(commands, keys, [...numbers.map(String), ...messages]);
    },
    stop: () => reader.stop(),
  };
};

/** Redis Streams: what is published while a node is away waits for it in the stream. */
export class StreamsBus extends RedisBus {
  constructor(url: URL) {
    super(url, createTransport);
  }
}
