import { Client, H2CClient, fetch as undiciFetch } from 'undici';
import type { ClientSecurity } from '../../../contract/security.ts';
import type { ProbeFetch } from '../probeFetch.ts';
import { tlsOptions } from '../tlsOptions.ts';

/** fetch over HTTP/2, and the connections that it has. */
export interface ProbeFetchH2 extends ProbeFetch {
  readonly connections: number;
}

/**
 * fetch of the undici package over HTTP/2, one connection to each address: with prior knowledge in the clear, by ALPN under
 * TLS.
 * @param streams that may share a connection
 */
export function probeFetchH2(security: ClientSecurity | null, streams: number): ProbeFetchH2 {
  const clients = new Map<string, Client | H2CClient>();
  let connections = 0;
  const clientFor = (origin: string): Client | H2CClient => {
    const known = clients.get(origin);
    if (known !== undefined) return known;
    const client = clientOf(security, origin, streams);
    client.on('connect', () => connections++);
    client.on('disconnect', () => connections--);
    clients.set(origin, client);
    return client;
  };
  return {
    scheme: security === null ? 'http' : 'https',
    fetch: (url, init) => undiciFetch(url, { ...init, dispatcher: clientFor(new URL(url).origin) }),
    get connections() {
      return connections;
    },
    stop: async () => {
      await Promise.all([...clients.values()].map((client) => client.destroy()));
    },
  };
}

function clientOf(security: ClientSecurity | null, origin: string, streams: number): Client | H2CClient {
  const limits = { pipelining: streams, maxConcurrentStreams: streams };
  if (security === null) return new H2CClient(origin, limits);
  const host = new URL(origin).hostname.replace(/^\[|\]$/g, '');
  return new Client(origin, {
    ...limits,
    allowH2: true,
    connect: { ...tlsOptions(security, host), maxCachedSessions: 0 },
  });
}
