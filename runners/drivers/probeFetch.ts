import type { FetchLike } from 'eventsource';
import { Agent, Pool, fetch as undiciFetch } from 'undici';
import type { ClientSecurity } from '../../contract/security.ts';
import { undiciTls } from './undiciTls.ts';

export interface ProbeFetch {
  readonly scheme: 'http' | 'https';
  fetch(url: string | URL, init: ProbeRequest): Promise<ProbeAnswer>;
  /** Closes the connections that it keeps. */
  stop(): Promise<void>;
}

interface ProbeRequest {
  readonly redirect: 'manual';
  readonly cache: 'no-store';
  readonly signal: AbortSignal;
  readonly headers: Record<string, string>;
}

type ProbeAnswer = Awaited<ReturnType<FetchLike>> & {
  readonly headers: { get(name: string): string | null };
  arrayBuffer(): Promise<ArrayBuffer>;
};

/**
 * fetch as users of the `eventsource` package have it: Node's own over plain TCP; under TLS that of the undici package,
 * because Node's own takes neither authorities nor a client certificate.
 */
export function probeFetch(security: ClientSecurity | null): ProbeFetch {
  if (security === null) return { scheme: 'http', fetch, stop: async () => {} };
  const dispatcher = new Agent({
    factory: (origin, options) => new Pool(origin, { ...options, ...undiciTls(security, hostOf(origin)) }),
  });
  return {
    scheme: 'https',
    fetch: (url, init) => undiciFetch(url, { ...init, dispatcher }),
    stop: () => dispatcher.destroy(),
  };
}

function hostOf(origin: string | URL): string {
  return new URL(origin).hostname.replace(/^\[|\]$/g, '');
}
