import { createHash } from 'node:crypto';
import type { RedisLink } from './redisLink.ts';

/**
 * Begin of each script. KEYS: counter, epoch; ARGV: the highest id that the node knows of, count. It leaves in a local
 * `n` the last id given, and in `ended` the last one of the epoch before, as far as any node that came back knew.
 *
 * The next epoch begins (see `epoch.ts`) where this Redis knows less than the node: it lost its counter. It also begins
 * when the first node joins, with a count of 0, after Redis was started again: the last writes of before may be lost, and
 * this node need not be the one that knows of them. A user that may not ask INFO never sees that.
 */
export const LAST_ID = `
local n = tonumber(redis.call('GET', KEYS[1]) or '0')
local known = tonumber(ARGV[1])
local ended = tonumber(redis.call('HGET', KEYS[2], 'ended') or '0')
local ended_before = ended
local is_lost = n < known
if ARGV[2] == '0' then
  local info = redis.pcall('INFO', 'server')
  local run = type(info) == 'string' and string.match(info, 'run_id:(%x+)') or ''
  is_lost = is_lost or (n > 0 and redis.call('HGET', KEYS[2], 'run') ~= run)
  redis.call('HSET', KEYS[2], 'run', run)
end
if is_lost then
  ended = n
  n = (math.floor(math.max(n, known) / 4294967296) + 1) * 4294967296
  redis.call('SET', KEYS[1], string.format('%.0f', n))
end
if known > ended and known < math.floor(n / 4294967296) * 4294967296 then ended = known end
if ended ~= ended_before then redis.call('HSET', KEYS[2], 'ended', string.format('%.0f', ended)) end
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
