import { Client } from 'undici';
import { PUBLISH_PATH } from '../../contract/ingest.ts';
import type { ConnectTarget, Saying } from '../../contract/loadDriver.ts';
import type { ClientSecurity } from '../../contract/security.ts';
import { authorityOf } from './requestHead.ts';
import { answerError, postHeaders } from './sse/postHeaders.ts';
import { undiciTls } from './undiciTls.ts';

/** What clients of an event stream say, by the `undici` package: a keep-alive connection of each client's own, as a browser has it. */
export class UndiciUplinks {
  readonly #security: ClientSecurity | null;
  readonly #clients = new Map<number, Client>();
  #open = 0;

  constructor(security: ClientSecurity | null) {
    this.#security = security;
  }

  /** Connections that are open now. */
  get size(): number {
    return this.#open;
  }

  say(
    slot: number,
    target: ConnectTarget,
    saying: Saying,
    bytes: Uint8Array,
    settled: (error: Error | null) => void,
  ): void {
    const client = this.#clients.get(slot) ?? this.#create(slot, target);
    const headers = { ...postHeaders(target, saying), ...target.headers };
    client.request({ path: PUBLISH_PATH, method: 'POST', headers, body: Buffer.from(bytes) }).then(
      async ({ statusCode, body }) => {
        await body.dump();
        settled(answerError(statusCode));
      },
      (error: unknown) => settled(error instanceof Error ? error : new Error(String(error))),
    );
  }

  /** Closes the slot's connection, after the answers that are due. */
  async end(slot: number): Promise<void> {
    const client = this.#clients.get(slot);
    this.#clients.delete(slot);
    await client?.close();
  }

  async stop(): Promise<void> {
    const clients = [...this.#clients.values()];
    this.#clients.clear();
    await Promise.all(clients.map((client) => client.destroy()));
  }

  #create(slot: number, target: ConnectTarget): Client {
    const scheme = this.#security === null ? 'http' : 'https';
    const client = new Client(`${scheme}://${authorityOf(target)}`, undiciTls(this.#security, target.host));
    client.on('connect', () => this.#open++);
    client.on('disconnect', () => this.#open--);
    this.#clients.set(slot, client);
    return client;
  }
}
