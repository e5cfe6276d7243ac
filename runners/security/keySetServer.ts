import { once } from 'node:events';
import { createServer } from 'node:http';
import type { JSONWebKeySet } from 'jose';

const PATH = '/jwks.json';
/** Every node of a run fetches it a few times: more than that is a mistake. */
const MAX_CONNECTIONS = 256;

export interface KeySetServer {
  readonly url: string;
  /** Times that the key set was fetched. */
  fetches(): number;
  stop(): Promise<void>;
}

/** Serves public keys on loopback (RFC 7517, section 5). @param keySet read anew for each answer */
export async function serveKeySet(keySet: () => JSONWebKeySet): Promise<KeySetServer> {
  let fetches = 0;
  const server = createServer({ headersTimeout: 2_000, requestTimeout: 2_000 }, (request, response) => {
    if (request.method !== 'GET' || request.url !== PATH) {
      response.writeHead(404).end();
      return;
    }
    fetches++;
    response.writeHead(200, { 'content-type': 'application/jwk-set+json' }).end(JSON.stringify(keySet()));
  });
  server.maxConnections = MAX_CONNECTIONS;
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('the key set has no address');
  return {
    url: `http://127.0.0.1:${address.port}${PATH}`,
    fetches: () => fetches,
    async stop() {
      if (!server.listening) return;
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
