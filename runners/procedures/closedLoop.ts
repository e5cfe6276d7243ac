import { createRequire } from 'node:module';
import { isIP } from 'node:net';
import type { Options, Result } from 'autocannon';
import { BenchError, EXIT } from '../../contract/errors.ts';
import type { ClosedLoop } from '../../contract/result.ts';
import type { ClientSecurity } from '../../contract/security.ts';
import { fetchErrorDetail } from '../drivers/fetchFailure.ts';
import { probeFetch } from '../drivers/probeFetch.ts';

export interface ClosedLoopOptions {
  /** What each poll asks for, e.g. `http://127.0.0.1:9000/state?topic=t0`. */
  readonly url: string;
  /** Connections that each ask again as soon as they are answered. */
  readonly connections: number;
  readonly seconds: number;
  /** Requests of each connection in a second; null: the next follows upon the answer. @default null */
  readonly perSecond?: number | null;
  readonly headers: Readonly<Record<string, string>>;
  /** null: plain TCP. */
  readonly security: ClientSecurity | null;
  /** Ends it early: the figures are those of the time until then. */
  readonly signal: AbortSignal;
}

/** A poll that is not answered after this is an error, seconds. */
const TIMEOUT_SECONDS = 10;

/**
 * How many polls a server answers when each connection asks again as soon as it is answered, by `autocannon`. Where the
 * server tells an entity tag, the polls ask by it: that is what they mostly are. Times have a resolution of 1 ms: null below
 * it, and where connections do not last. Under TLS the first poll verifies the server; autocannon itself verifies none.
 *
 * @throws BenchError where the first poll finds no server.
 */
export async function runClosedLoop(options: ClosedLoopOptions): Promise<ClosedLoop> {
  const { url, connections, seconds, signal } = options;
  const headers = { ...(await conditionOf(options)), ...options.headers };
  const isConditional = Object.keys(headers).some((name) => name.toLowerCase() === 'if-none-match');
  // It takes long to load, and most runs never need it.
  const { default: autocannon } = await import('autocannon');
  const finished = Promise.withResolvers<Result>();
  const loop = autocannon(
    {
      url,
      connections,
      duration: seconds,
      timeout: TIMEOUT_SECONDS,
      headers,
      ...rateOf(options),
      ...tlsOf(options),
    },
    (error: unknown, result) => {
      if (error) finished.reject(error);
      else finished.resolve(result);
    },
  );
  const stop = (): void => loop.stop?.();
  signal.addEventListener('abort', stop);
  try {
    if (signal.aborted) stop();
    return figuresOf(await finished.promise, connections, isConditional);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

/** The tag of the state as it is now. */
async function conditionOf(options: ClosedLoopOptions): Promise<Record<string, string>> {
  const { url, signal } = options;
  const client = probeFetch(options.security);
  try {
    const timeout = AbortSignal.timeout(TIMEOUT_SECONDS * 1_000);
    const answer = await client.fetch(url, {
      headers: { ...options.headers },
      redirect: 'manual',
      cache: 'no-store',
      signal: AbortSignal.any([signal, timeout]),
    });
    await answer.arrayBuffer();
    const tag = answer.headers.get('etag');
    return tag === null ? {} : { 'if-none-match': tag };
  } catch (error) {
    throw new BenchError(`no poll of ${url} was answered: ${fetchErrorDetail(error).detail}`, {
      exitCode: signal.aborted ? EXIT.interrupted : EXIT.systemUnderTest,
      hint: 'Look at the server: it answered before the closed loop began.',
      cause: error,
    });
  } finally {
    await client.stop();
  }
}

/** What was left out while an answer was waited for stays left out, as it does without a rate. */
function rateOf({
  perSecond,
}: ClosedLoopOptions): Pick<Options, 'connectionRate' | 'ignoreCoordinatedOmission'> {
  if (perSecond == null) return {};
  return { connectionRate: perSecond, ignoreCoordinatedOmission: true };
}

/** As texts: autocannon copies what it is given, and a copied secure context ends the process. */
function tlsOf({ url, security }: ClosedLoopOptions): Pick<Options, 'tlsOptions' | 'servername'> {
  if (security === null) return {};
  const { certificate, privateKey, serverName } = security;
  const { hostname } = new URL(url);
  const own = certificate === null || privateKey === null ? {} : { cert: certificate, key: privateKey };
  const isName = isIP(hostname.replace(/^\[|\]$/g, '')) === 0;
  return {
    tlsOptions: { ...own, minVersion: 'TLSv1.3' },
    // Without a name autocannon tells the server the address, which is none (RFC 6066, section 3).
    servername: serverName ?? (isName ? hostname : 'localhost'),
  };
}

function figuresOf(result: Result, connections: number, isConditional: boolean): ClosedLoop {
  const answered = result['1xx'] + result['2xx'] + result['3xx'] + result['4xx'] + result['5xx'];
  // On a connection that the server closes, autocannon takes the wrong request for the one that was answered.
  const isTimed = answered > 0 && result.requests.sent <= answered + 2 * connections;
  // A refusal is quickly given and no poll served; 304 is what was asked for where a tag was sent.
  const served = result['2xx'] + (isConditional ? result['3xx'] : 0);
  return {
    tool: `autocannon ${VERSION}`,
    connections,
    seconds: result.duration,
    requestsPerSecond: result.duration > 0 ? served / result.duration : 0,
    p50Us: isTimed ? usOf(result.latency.p50) : null,
    p99Us: isTimed ? usOf(result.latency.p99) : null,
    errors: result.errors,
    non2xx: result.non2xx - (isConditional ? result['3xx'] : 0),
  };
}

/** autocannon says 0 of what it cannot resolve. */
function usOf(ms: number): number | null {
  return ms > 0 ? ms * 1_000 : null;
}

const VERSION = versionOf(createRequire(import.meta.url)('autocannon/package.json'));

function versionOf(manifest: unknown): string {
  const isManifest = typeof manifest === 'object' && manifest !== null && 'version' in manifest;
  return isManifest ? String(manifest.version) : '';
}
