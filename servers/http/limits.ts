import type { ServerOptions as HttpOptions, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import type { ServerLimits } from '../../contract/pushServer.ts';

/** Publishers and pollers keep their connection over pauses of this length, milliseconds. */
const KEEP_ALIVE_MS = 75_000;
/** A publish body that trickles in is given up after this, milliseconds. */
const REQUEST_MS = 60_000;
/** Connections that are no event streams: publishers, scrapes, heads that are still being read. */
export const OTHER_CONNECTIONS = 1_024;

/** Time for a whole request, milliseconds. */
export function requestTimeoutMs({ headerTimeoutMs }: ServerLimits): number {
  return Math.max(REQUEST_MS, headerTimeoutMs);
}

export function httpOptions(limits: ServerLimits): HttpOptions {
  return {
    maxHeaderSize: limits.maxHeaderBytes,
    headersTimeout: limits.headerTimeoutMs,
    requestTimeout: requestTimeoutMs(limits),
    keepAliveTimeout: KEEP_ALIVE_MS,
    // 30 s by default, and head time-outs hold only as exactly as they are checked.
    connectionsCheckingInterval: 1_000,
    noDelay: true,
  };
}

const LIMIT_STATUSES: Readonly<Record<string, string>> = {
  HPE_HEADER_OVERFLOW: '431 Request Header Fields Too Large',
  ERR_HTTP_REQUEST_TIMEOUT: '408 Request Timeout',
};

/** The peer reset its connection, or its TLS handshake failed. */
const NOBODY_THERE = /^(ECONNRESET$|ERR_SSL_|ERR_TLS_)/;

/** Makes the limits of `limits` hold on `server`; `onRefused` is told of every connection that a limit turns away. */
export function enforceLimits(server: Server, limits: ServerLimits, onRefused: () => void): void {
  server.maxConnections = limits.maxConnections + OTHER_CONNECTIONS;
  server.on('drop', onRefused);
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Duplex) => {
    // Reset by the peer, or no TLS: there is nobody to answer.
    if (!socket.writable || NOBODY_THERE.test(error.code ?? '')) {
      socket.destroy();
      return;
    }
    const limit: string | undefined = LIMIT_STATUSES[error.code ?? ''];
    if (limit !== undefined) onRefused();
    refuse(socket, limit ?? '400 Bad Request');
  });
}

/**
 * Answers on a socket that HTTP does not own, and closes it.
 * @param headers flat name, value list
 */
export function refuse(socket: Duplex, status: string, text = '', headers: readonly string[] = []): void {
  const body = text === '' ? '' : `${text}\n`;
  let head = `HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: ${Buffer.byteLength(body)}\r\n`;
  if (body !== '') head += 'Content-Type: text/plain; charset=utf-8\r\n';
  for (let i = 0; i < headers.length; i += 2) head += `${headers[i]}: ${headers[i + 1]}\r\n`;
  socket.end(`${head}\r\n${body}`, () => socket.destroy());
}
