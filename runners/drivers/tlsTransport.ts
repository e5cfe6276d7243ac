import type { OnReadOpts } from 'node:net';
import { type ConnectionOptions, connect, type TLSSocket } from 'node:tls';
import type { Clock } from '../../contract/clock.ts';
import type { ClientSecurity, TlsParameters } from '../../contract/security.ts';
import { type SlotSocket, SocketTransport } from './socketTransport.ts';
import { type TlsOptions, tlsOptions } from './tlsOptions.ts';
import type { TransportHandler } from './transport.ts';

/** Plaintext of one record, and what the record adds: head, content type and tag (RFC 8446, section 5.2; RFC 5116, section 5). */
const RECORD_BYTES = 16_384;
const RECORD_OVERHEAD_BYTES = 5 + 1 + 16;

/** Node hands over one record at a time, and writes a text in as few records as it takes. */
export function recordOverhead(bytes: number): number {
  return Math.ceil(bytes / RECORD_BYTES) * RECORD_OVERHEAD_BYTES;
}

type TlsSlotSocket = TLSSocket & SlotSocket;

/** `tls.connect` hands `onread` on to the socket that it makes; its types do not know it. */
type ReadingOptions = ConnectionOptions & { readonly onread: OnReadOpts };

/** TLS 1.3 connections by slot, every one with a full handshake of its own: no session is ever resumed. */
export class TlsTransport extends SocketTransport<TlsSlotSocket> {
  tls: TlsParameters | null = null;
  readonly #security: ClientSecurity;
  /** Those of each host, of which there are few. */
  readonly #options = new Map<string, TlsOptions>();

  constructor(slots: number, handler: TransportHandler, security: ClientSecurity, clock?: Clock) {
    super(slots, handler, { ready: 'secureConnect', overheadOf: recordOverhead }, clock);
    this.#security = security;
  }

  protected dial(slot: number, host: string, port: number, onread: OnReadOpts): TlsSlotSocket {
    const options: ReadingOptions = { ...this.#optionsFor(host), host, port, onread };
    return Object.assign(connect(options).setNoDelay(true), { slot, failure: null });
  }

  protected established(socket: TlsSlotSocket): void {
    if (this.tls === null) {
      this.tls = { version: socket.getProtocol() ?? '', cipher: socket.getCipher().standardName };
    }
  }

  #optionsFor(host: string): TlsOptions {
    const known = this.#options.get(host);
    if (known !== undefined) return known;
    const options = tlsOptions(this.#security, host);
    this.#options.set(host, options);
    return options;
  }
}
