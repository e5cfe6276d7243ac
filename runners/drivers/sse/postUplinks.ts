import { PUBLISH_PATH } from '../../../contract/ingest.ts';
import type { ConnectTarget, Saying } from '../../../contract/loadDriver.ts';
import type { ClientSecurity } from '../../../contract/security.ts';
import { ResponseParser } from '../../publisher/responseParser.ts';
import { authorityOf } from '../requestHead.ts';
import { createTransport, type Transport, type TransportHandler } from '../transport.ts';
import { answerError, postHeaders } from './postHeaders.ts';

type Settled = (error: Error | null) => void;

/** One client's keep-alive connection for what it says. */
interface Uplink {
  readonly parser: ResponseParser;
  /** Of the requests without an answer, in their order. */
  readonly pending: Settled[];
  isConnected: boolean;
  /** Requests that wait for the connection. */
  waiting: string;
  /** Closed once the last answer is there. */
  isEnding: boolean;
}

/**
 * What clients of an event stream say: `POST /publish` on a second connection of each, opened with the first word and kept,
 * as a browser does. A request goes out behind the one before it without waiting for its answer.
 */
export class PostUplinks implements TransportHandler {
  readonly #transport: Transport;
  readonly #uplinks = new Map<number, Uplink>();

  constructor(slots: number, security: ClientSecurity | null) {
    this.#transport = createTransport(slots, security, this);
  }

  get bytesRead(): number {
    return this.#transport.bytesRead;
  }

  get bytesWritten(): number {
    return this.#transport.bytesWritten;
  }

  /** Connections that are open now. */
  get size(): number {
    return this.#uplinks.size;
  }

  say(slot: number, target: ConnectTarget, saying: Saying, bytes: Uint8Array, settled: Settled): void {
    const uplink = this.#uplinks.get(slot) ?? this.#open(slot, target);
    uplink.pending.push(settled);
    const request = requestText(target, saying, bytes);
    if (uplink.isConnected) this.#transport.write(slot, request);
    else uplink.waiting += request;
  }

  /** Closes the slot's connection, after the answers that are due. */
  end(slot: number): void {
    const uplink = this.#uplinks.get(slot);
    if (uplink === undefined) return;
    uplink.isEnding = true;
    if (uplink.pending.length === 0) this.#transport.end(slot, '');
  }

  destroy(slot: number): void {
    if (this.#uplinks.has(slot)) this.#transport.destroy(slot);
  }

  stop(): Promise<void> {
    return this.#transport.destroyAll();
  }

  connected(slot: number): void {
    const uplink = this.#uplinks.get(slot);
    if (uplink === undefined) return;
    uplink.isConnected = true;
    this.#transport.write(slot, uplink.waiting);
    uplink.waiting = '';
  }

  onBytes(slot: number, buffer: Uint8Array, length: number): void {
    try {
      // A copy: the parser keeps what is not whole yet, and the buffer is everybody's.
      this.#uplinks.get(slot)?.parser.push(Buffer.from(buffer.subarray(0, length)));
    } catch (error) {
      this.#failAll(slot, error instanceof Error ? error : new Error(String(error)));
      this.#transport.destroy(slot);
    }
  }

  ended(slot: number, error: Error | null): void {
    this.#failAll(slot, error ?? new Error('the connection closed before the answer'));
    this.#uplinks.delete(slot);
  }

  #open(slot: number, target: ConnectTarget): Uplink {
    const onResponse = (status: number, keepAlive: boolean): void => this.#answered(slot, status, keepAlive);
    const parser = new ResponseParser({ onResponse });
    const uplink: Uplink = { parser, pending: [], isConnected: false, waiting: '', isEnding: false };
    this.#uplinks.set(slot, uplink);
    this.#transport.connect(slot, target.host, target.port);
    return uplink;
  }

  #answered(slot: number, status: number, keepAlive: boolean): void {
    const uplink = this.#uplinks.get(slot);
    uplink?.pending.shift()?.(answerError(status));
    if (!keepAlive) this.#transport.destroy(slot);
    else if (uplink?.isEnding && uplink.pending.length === 0) this.#transport.end(slot, '');
  }

  #failAll(slot: number, error: Error): void {
    for (const settled of this.#uplinks.get(slot)?.pending.splice(0) ?? []) settled(error);
  }
}

/** One whole request, byte for byte in latin1. */
function requestText(target: ConnectTarget, saying: Saying, bytes: Uint8Array): string {
  const own = { host: authorityOf(target), ...postHeaders(target, saying), 'content-length': bytes.length };
  const lines = Object.entries({ ...own, ...target.headers }).map(([name, value]) => `${name}: ${value}\r\n`);
  const { buffer, byteOffset, length } = bytes;
  const body = Buffer.from(buffer, byteOffset, length).toString('latin1');
  return `POST ${PUBLISH_PATH} HTTP/1.1\r\n${lines.join('')}\r\n${body}`;
}
