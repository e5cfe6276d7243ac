import { Client, type Dispatcher, errors } from 'undici';
import { nowUs } from '../../contract/clock.ts';
import type { CloseDetail, DriverOptions, LoadDriver } from '../../contract/loadDriver.ts';
import { initHistograms } from '../recorders/histograms.ts';
import { codeOf, protocolDetail } from './closeReason.ts';
import { fetchErrorDetail } from './fetchFailure.ts';
import { MAX_BODY_BYTES } from './poll/answers.ts';
import { pollingOf } from './poll/leanPolls.ts';
import { type EngineParts, PollDriver } from './poll/pollDriver.ts';
import type { PollEngine, PollHandler } from './poll/pollEngine.ts';
import type { PollPlaces } from './poll/pollPlaces.ts';
import { authorityOf } from './requestHead.ts';
import { undiciTls } from './undiciTls.ts';

/** One slot's client: undici's own connection handling, one connection at a time. */
interface Connection {
  readonly client: Client;
  readonly authority: string;
  isConnected: boolean;
  /** An answer came over the connection it has now. */
  isUsed: boolean;
}

/** Polls by undici, as its users have it: its own parser, its own rules for keeping and reopening a connection. */
class UndiciPolls implements PollEngine {
  readonly bytesRead = null;
  readonly bytesWritten = null;
  readonly tls = null;
  readonly #target: DriverOptions['target'];
  readonly #security: DriverOptions['security'];
  readonly #places: PollPlaces;
  readonly #handler: PollHandler;
  readonly #connections = new Map<number, Connection>();
  readonly #closing = new Set<Promise<void>>();

  constructor({ options, places, handler }: EngineParts) {
    this.#target = options.target;
    this.#security = options.security;
    this.#places = places;
    this.#handler = handler;
  }

  send(slot: number): void {
    const connection = this.#connectionOf(slot);
    void this.#ask(slot, connection, connection.isUsed);
    if (connection.isConnected) this.#handler.asked(slot);
  }

  drop(slot: number): void {
    const connection = this.#connections.get(slot);
    this.#connections.delete(slot);
    const closed = connection?.client.destroy() ?? Promise.resolve();
    const gone = closed.then(() => {
      this.#closing.delete(gone);
      this.#handler.gone(slot);
    });
    this.#closing.add(gone);
  }

  async stop(): Promise<void> {
    await Promise.all(this.#closing);
  }

  #connectionOf(slot: number): Connection {
    const target = this.#target(slot);
    const authority = authorityOf(target);
    const known = this.#connections.get(slot);
    if (known?.authority === authority) return known;
    const client = new Client(`${this.#security === null ? 'http' : 'https'}://${authority}`, {
      maxResponseSize: MAX_BODY_BYTES,
      ...undiciTls(this.#security, target.host),
    });
    const connection: Connection = { client, authority, isConnected: false, isUsed: false };
    client.on('connect', () => {
      connection.isConnected = true;
      connection.isUsed = false;
      this.#handler.connecting();
      if (this.#connections.get(slot) === connection) this.#handler.asked(slot);
    });
    client.on('disconnect', () => {
      connection.isConnected = false;
    });
    this.#connections.set(slot, connection);
    return connection;
  }

  /** `mayRetry`: the connection was used before, so the server may have closed it just as it was used again. */
  async #ask(slot: number, connection: Connection, mayRetry: boolean): Promise<void> {
    let hasHead = false;
    try {
      const target = this.#target(slot);
      const { path, headers: own } = this.#places.ask(slot, target);
      const headers = { ...own, ...target.headers };
      const response = await connection.client.request({ method: 'GET', path, headers });
      hasHead = true;
      const body = new Uint8Array(await response.body.arrayBuffer());
      const receivedUs = nowUs();
      if (this.#connections.get(slot) !== connection) return;
      connection.isUsed = true;
      const answer = { status: response.statusCode, fields: fieldsOf(response.headers) };
      this.#handler.answered(slot, answer, body, 0, body.length, receivedUs, 0);
    } catch (error) {
      if (this.#connections.get(slot) !== connection) return;
      if (mayRetry && !hasHead && isConnectionLost(error)) void this.#ask(slot, connection, false);
      else this.#handler.broke(slot, detailOf(error));
    }
  }
}

function fieldsOf(headers: Dispatcher.ResponseData['headers']): Map<string, string> {
  const fields = new Map<string, string>();
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) fields.set(name, typeof value === 'string' ? value : value.join(', '));
  }
  return fields;
}

function isConnectionLost(error: unknown): boolean {
  if (error instanceof errors.SocketError) return true;
  return error instanceof Error && ['ECONNRESET', 'EPIPE'].includes(codeOf(error));
}

function detailOf(error: unknown): CloseDetail {
  if (error instanceof errors.ResponseExceededMaxSizeError) return protocolDetail(error.message);
  return fetchErrorDetail(error);
}

/** The poll driver of the ecosystem's own client. */
export async function createUndiciPolls(options: DriverOptions): Promise<LoadDriver> {
  const polling = pollingOf(options);
  await initHistograms();
  return new PollDriver('ecosystem', options, polling, (parts) => new UndiciPolls(parts));
}
