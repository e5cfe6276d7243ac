import { type ClientHttp2Session, connect as connectHttp2 } from 'node:http2';
import { connect as connectTcp, type Socket } from 'node:net';
import { connect as connectTls, type TLSSocket } from 'node:tls';
import type { Endpoint } from '../../../contract/pushServer.ts';
import type { ClientSecurity, TlsParameters } from '../../../contract/security.ts';
import { tlsOptions } from '../tlsOptions.ts';

/**
 * Bytes that the server may send on one stream before the client has read them: the default of HTTP/2 (RFC 9113, section
 * 6.9.2) and of grpc-js, so that lean clients and probes press back alike.
 */
const STREAM_WINDOW_BYTES = 65_535;

/**
 * The same for all streams of a connection together. The default is that of one stream: a broadcast of 1 KiB to a hundred
 * streams would have to wait for window updates in the middle of every message.
 */
const CONNECTION_WINDOW_BYTES = 1_048_576;

/** No table of header fields: it costs memory on both sides, and a stream that stays open repeats no request. */
const SETTINGS = { headerTableSize: 0, enablePush: false, initialWindowSize: STREAM_WINDOW_BYTES };

/** One HTTP/2 connection, shared by the streams of a group of slots. */
export class H2Connection {
  readonly key: string;
  readonly session: ClientHttp2Session;
  readonly #socket: Socket;
  /** Streams that were opened on it and have not closed. */
  streams = 0;
  /** What the socket failed with. */
  failure: Error | null = null;
  /** Error code of the server's GOAWAY; -1: none came. */
  goawayCode = -1;
  isOver = false;

  /**
   * @param onOver called once, when the socket is closed
   * @param onSecure called once, when a TLS handshake is over
   */
  constructor(
    key: string,
    address: Endpoint,
    security: ClientSecurity | null,
    onOver: (connection: H2Connection) => void,
    onSecure: (agreed: TlsParameters) => void,
  ) {
    this.key = key;
    this.#socket =
      security === null ? connectTcp({ ...address }) : connectSecurely(address, security, onSecure);
    this.#socket.on('error', (error) => {
      this.failure ??= error;
    });
    // Before HTTP/2 listens: streams that it ends because of this must find it said.
    this.#socket.on('close', () => {
      this.isOver = true;
      onOver(this);
    });
    this.session = connectHttp2(`${security === null ? 'http' : 'https'}://pushbench.invalid`, {
      createConnection: () => this.#socket,
      settings: SETTINGS,
      maxDeflateDynamicTableSize: 0,
    });
    this.session.on('connect', () => this.session.setLocalWindowSize(CONNECTION_WINDOW_BYTES));
    this.session.on('goaway', (code) => {
      this.goawayCode = code;
    });
    // Its streams fail with the same error, and say so.
    this.session.on('error', () => {});
  }

  /** False once either side has begun to end it: streams that are open may go on, new ones need another connection. */
  get takesStreams(): boolean {
    return !this.isOver && !this.session.closed && !this.session.destroyed;
  }

  /** Streams that the server allows at once; those beyond it wait for others to end. Infinite before it has said so. */
  get allowedStreams(): number {
    const { session } = this;
    if (session.connecting || session.destroyed) return Number.POSITIVE_INFINITY;
    return session.remoteSettings.maxConcurrentStreams ?? Number.POSITIVE_INFINITY;
  }

  get bytesRead(): number {
    return this.#socket.bytesRead;
  }

  get bytesWritten(): number {
    return this.#socket.bytesWritten;
  }

  destroy(): void {
    this.#socket.destroy();
  }
}

/** @returns a socket that fails where the server does not agree to HTTP/2. */
function connectSecurely(
  { host, port }: Endpoint,
  security: ClientSecurity,
  onSecure: (agreed: TlsParameters) => void,
): TLSSocket {
  const socket = connectTls({ host, port, ...tlsOptions(security, host), ALPNProtocols: ['h2'] });
  socket.on('secureConnect', () => {
    if (socket.alpnProtocol !== 'h2')
      socket.destroy(new Error('TLS: the server agreed to no HTTP/2 (ALPN h2)'));
    else onSecure({ version: socket.getProtocol() ?? '', cipher: socket.getCipher().standardName });
  });
  return socket;
}
