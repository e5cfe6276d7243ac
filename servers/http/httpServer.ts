import {
  createServer,
  type ServerOptions as HttpOptions,
  type RequestListener,
  type Server,
} from 'node:http';
import {
  createServer as createPlainHttp2Server,
  createSecureServer as createSecureHttp2Server,
  type ServerOptions as Http2Options,
  type Http2SecureServer,
  type Http2Server,
} from 'node:http2';
import { createServer as createSecureServer } from 'node:https';
import type { ServerOptions } from '../../contract/pushServer.ts';
import { tlsServerOptions } from '../security/tlsServerOptions.ts';

/** An HTTP/1.1 server that does not listen yet: plain, or TLS 1.3 only where `options.security` says so. */
export function createHttpServer(
  { security, limits }: ServerOptions,
  http: HttpOptions,
  listener: RequestListener,
): Server {
  if (security === null) return createServer(http, listener);
  return createSecureServer({ ...http, ...tlsServerOptions(security, limits.headerTimeoutMs) }, listener);
}

/** The same for HTTP/2: with prior knowledge where it is plain, else negotiated, with no way back to HTTP/1.1. */
export function createHttp2Server(
  { security, limits }: ServerOptions,
  http2: Http2Options,
): Http2Server | Http2SecureServer {
  if (security === null) return createPlainHttp2Server(http2);
  const tls = tlsServerOptions(security, limits.headerTimeoutMs);
  return createSecureHttp2Server({ ...http2, ...tls, allowHTTP1: false });
}
