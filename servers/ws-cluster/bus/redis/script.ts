import { createHash } from 'node:crypto';
import type { RedisLink } from './redisLink.ts';

/**
 * Begin of each script: the last id given, in a local `n`. Where this Redis knows less than the node does
 * (ARGV[1]), it lost its counter, and goes on in the next epoch; see `epoch.ts`.
 */
export const LAST_ID = `
local n = tonumber(redis.call('GET', KEYS[1]) or '0')
local known = tonumber(ARGV[1])
if n < known then
  n = (math.floor(known / 4294967296) + 1) * 4294967296
  redis.call('SET', KEYS[1], string.format('%.0f', n))
end
`;

/** A Lua script that is loaded once per connection and called by its hash (Redis documentation, "Scripting with Lua"). */
export class Script {
  readonly #source: string;
  readonly #hash: string;

  constructor(source: string) {
    this.#source = source;
    this.#hash = createHash('sha1').update(source).digest('hex');
  }

  async load(link: RedisLink): Promise<void> {
    await link.command('SCRIPT', 'LOAD', this.#source);
  }

  /** Scripts here answer an id. */
  async call(link: RedisLink, keys: readonly string[], args: readonly (string | Buffer)[]): Promise<number> {
    return Number(await link.command('EVALSHA', this.#hash, String(keys.length), ...keys, ...args));
  }
}
