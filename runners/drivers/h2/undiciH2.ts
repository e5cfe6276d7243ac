import { Client, H2CClient } from 'undici';
import type { ClientSecurity } from '../../../contract/security.ts';
import { tlsOptions } from '../tlsOptions.ts';

/** undici's clients over HTTP/2, one connection to each address: with prior knowledge in the clear, by ALPN under TLS. */
export class UndiciH2 {
  readonly #security: ClientSecurity | null;
  readonly #streams: number;
  readonly #clients = new Map<string, Client | H2CClient>();
  #connections = 0;

  /** @param streams that may share a connection */
  constructor(security: ClientSecurity | null, streams: number) {
    this.#security = security;
    this.#streams = streams;
  }

  /** Connections that are open now. */
  get connections(): number {
    return this.#connections;
  }

  clientFor(url: URL): Client | H2CClient {
    const { origin } = url;
    const known = this.#clients.get(origin);
    if (known !== undefined) return known;
    const client = this.#create(url);
    client.on('connect', () => this.#connections++);
    client.on('disconnect', () => this.#connections--);
    this.#clients.set(origin, client);
    return client;
  }

  async stop(): Promise<void> {
    await Promise.all([...this.#clients.values()].map((client) => client.destroy()));
  }

  #create({ origin, hostname }: URL): Client | H2CClient {
    const limits = { pipelining: this.#streams, maxConcurrentStreams: this.#streams };
    if (this.#security === null) return new H2CClient(origin, limits);
    const host = hostname.replace(/^\[|\]$/g, '');
    const connect = { ...tlsOptions(this.#security, host), maxCachedSessions: 0 };
    return new Client(origin, { ...limits, allowH2: true, connect });
  }
}
