import { busAddress } from '../../servers/bus/redis/busAddress.ts';
import { RedisLink } from '../../servers/bus/redis/redisLink.ts';

/**
 * Removes what a run left in a Redis that is not ours, once its nodes have ended.
 * @param url as the nodes were given it, with its prefix
 * @throws BenchError where it cannot be reached
 */
export async function removeBusKeys(url: string): Promise<void> {
  // A hub keeps what it keeps in memory.
  if (!url.startsWith('redis')) return;
  const address = busAddress(new URL(url));
  const link = new RedisLink(address, { up() {}, down() {} });
  try {
    await link.connect();
    await link.command('DEL', address.counterKey, address.epochKey, address.streamKey);
  } finally {
    link.stop();
  }
}
