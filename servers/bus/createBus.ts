import { BenchError, EXIT } from '../../contract/errors.ts';
import type { BusKind } from '../../contract/pushServer.ts';
import type { Bus } from './bus.ts';

/** Loaded on demand: a node runs no code of a bus that it does not use. */
const ADAPTERS: Readonly<Record<BusKind, (url: URL) => Promise<Bus>>> = {
  embedded: async (url) => new (await import('./embedded/embeddedBus.ts')).EmbeddedBus(url),
  'redis-pubsub': async (url) => new (await import('./redis/pubSubBus.ts')).PubSubBus(url),
  'redis-streams': async (url) => new (await import('./redis/streamsBus.ts')).StreamsBus(url),
};

const SCHEMES: Readonly<Record<BusKind, readonly string[]>> = {
  embedded: ['tcp:'],
  'redis-pubsub': ['redis:', 'rediss:'],
  'redis-streams': ['redis:', 'rediss:'],
};

/**
 * An unstarted bus.
 * @throws BenchError where the URL is none of this kind; what it says holds no password.
 */
export async function createBus(kind: BusKind, busUrl: string | null): Promise<Bus> {
  const schemes = SCHEMES[kind];
  const url = busUrl === null || !URL.canParse(busUrl) ? null : new URL(busUrl);
  if (url !== null && schemes.includes(url.protocol)) return ADAPTERS[kind](url);
  const seen = busUrl === null ? 'none was given' : `its scheme is ${url?.protocol ?? 'missing'}`;
  throw new BenchError(`the ${kind} bus needs a URL that begins with ${schemes[0]}//; ${seen}`, {
    exitCode: EXIT.usage,
    hint: `For example ${kind === 'embedded' ? 'tcp://127.0.0.1:4000' : 'redis://127.0.0.1:6379'}.`,
  });
}
