import type { MessageOrder } from '../messageOrder.ts';
import { decodeRecords, encodeRecords } from '../records.ts';
import { type CreateTransport, RedisBus } from './redisBus.ts';
import { LAST_ID, Script } from './script.ts';

/**
 * KEYS: counter, epoch; ARGV: known id, count, channel, records. Ids and messages go out in one step, so that the order of
 * the channel is the order of the ids. A count of 0 is a mark: all up to its id has been sent. Before the records stand the
 * last id and that of the epoch before: a node may hear of a new epoch by its first message.
 */
const PUBLISH = new Script(`${LAST_ID}
local last = string.format('%.0f', redis.call('INCRBY', KEYS[1], ARGV[2]))
redis.call('PUBLISH', ARGV[3], last .. ' ' .. string.format('%.0f', ended) .. '\\n' .. ARGV[4])
return last
`);

const LINE_FEED = 0x0a;
const IDS = /^(\d{1,15}) (\d{1,15})$/;
const NOTHING = Buffer.alloc(0);

/**
 * Tells the order what came over the channel.
 * @throws RangeError where it is none of ours
 */
function receive(order: MessageOrder, bytes: Buffer): void {
  const lineEnd = bytes.indexOf(LINE_FEED);
  const ids = IDS.exec(bytes.toString('latin1', 0, Math.max(0, lineEnd)));
  if (ids === null) throw new RangeError('what came on the channel begins with no ids');
  const lastId = Number(ids[1]);
  order.epochEnded(Number(ids[2]));
  const records = bytes.subarray(lineEnd + 1);
  if (records.length === 0) order.reached(lastId);
  else order.receive(decodeRecords(records, lastId));
}

const createTransport: CreateTransport = ({ address, order }) => {
  const { counterKey, epochKey, messageChannel } = address;
  const keys = [counterKey, epochKey];
  let joined: (() => void) | null = null;
  return {
    load: (commands) => PUBLISH.load(commands),
    channels: [
      [
        messageChannel,
        (bytes) => {
          receive(order, bytes);
          joined?.();
          joined = null;
        },
      ],
    ],
    /** The mark comes back over the channel itself: what came neither before it nor after is lost. */
    async join(commands) {
      const came = new Promise<void>((resolve) => {
        joined = resolve;
      });
      await PUBLISH.call(commands, keys, [String(order.knownId), '0', messageChannel, NOTHING]);
      await came;
    },
    publish(commands, records, publishedUs) {
      const args = [String(order.knownId), String(records.length), messageChannel];
      return PUBLISH.call(commands, keys, [...args, encodeRecords(records, publishedUs)]);
    },
  };
};

/** Redis Pub/Sub: nothing is kept, so what is published while a node is away is lost to it, and counted. */
export class PubSubBus extends RedisBus {
  constructor(url: URL) {
    super(url, createTransport);
  }
}
