import { randomUUID } from 'node:crypto';
import { BenchError, EXIT } from '../../contract/errors.ts';
import type { BusKind } from '../../contract/pushServer.ts';
import { createBus } from '../../servers/bus/createBus.ts';
import { pingRedis, type RedisAnswer } from './pingRedis.ts';
import { redactBusUrl } from './redactBusUrl.ts';
import { removeBusKeys } from './removeBusKeys.ts';

/** Streams came with Redis 5. */
const OLDEST_REDIS = 5;
const REDIS_PORT = 6379;

const HINTS: Readonly<Record<Exclude<RedisAnswer['state'], 'redis'>, string>> = {
  unreachable: 'Is it running, and is the port right? redis-cli -h HOST -p PORT ping answers PONG.',
  silent: 'Something listens there and says nothing: it may be another service, or speak TLS (rediss://).',
  'not-redis': 'Another service listens on that port; Redis listens on 6379 unless told otherwise.',
  auth: 'Give user and password in the address: redis://user:password@host:port.',
  refused: 'Redis refuses this client: see its log, its ACL and its protected mode.',
};

/**
 * Connects to a bus that the user named, and asks who it is.
 * @returns its name and version, for the report.
 * @throws BenchError where it cannot be reached, refuses, or is none of this kind; never shows the password.
 */
export async function checkBus(kind: BusKind, url: string): Promise<string> {
  if (kind === 'embedded') return checkEmbedded(url);
  const parsed = parseRedisUrl(kind, url);
  if (parsed.protocol === 'rediss:') return checkOverTls(kind, url);
  const answer = await pingRedis({
    host: parsed.hostname.replaceAll(/^\[|\]$/g, ''),
    port: Number(parsed.port || REDIS_PORT),
    ...(parsed.password === '' ? {} : { password: decodeURIComponent(parsed.password) }),
    ...(parsed.username === '' ? {} : { username: decodeURIComponent(parsed.username) }),
  });
  if (answer.state !== 'redis') {
    throw faulty(url, answer.detail, HINTS[answer.state]);
  }
  if (Number.parseInt(answer.version, 10) >= OLDEST_REDIS) return `redis-server ${answer.version}`;
  throw faulty(url, `it is version ${answer.version}`, `Streams need Redis ${OLDEST_REDIS} or newer.`);
}

function parseRedisUrl(kind: BusKind, url: string): URL {
  const parsed = URL.canParse(url) ? new URL(url) : null;
  if (parsed !== null && /^rediss?:$/.test(parsed.protocol) && parsed.hostname !== '') return parsed;
  const scheme = parsed === null ? 'it is no URL' : `its scheme is ${parsed.protocol}`;
  throw new BenchError(`the address of the bus ${kind} is not one of a Redis: ${scheme}`, {
    exitCode: EXIT.usage,
    hint: `For example --bus ${kind}=redis://127.0.0.1:6379.`,
  });
}

async function checkEmbedded(url: string): Promise<string> {
  await joinOnce('embedded', url);
  return 'embedded bus';
}

/** Only a client library speaks TLS here; a join proves more than a PING anyway. */
async function checkOverTls(kind: BusKind, url: string): Promise<string> {
  const own = new URL(url);
  // A join counts: under a prefix of its own, so that what it leaves can be removed.
  own.searchParams.set('prefix', `pushbench-check-${randomUUID()}`);
  await joinOnce(kind, own.href);
  await removeBusKeys(own.href);
  return 'redis-server over TLS';
}

async function joinOnce(kind: BusKind, url: string): Promise<void> {
  const bus = await createBus(kind, url);
  try {
    await bus.start({ messages() {}, skipped() {}, notice() {}, connection() {} });
  } finally {
    await bus.stop();
  }
}

function faulty(url: string, detail: string, hint: string): BenchError {
  return new BenchError(`the bus at ${redactBusUrl(url)} cannot be used: ${detail}`, {
    exitCode: EXIT.systemUnderTest,
    hint,
  });
}
