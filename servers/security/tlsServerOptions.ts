import { constants } from 'node:crypto';
import type { TlsOptions } from 'node:tls';
import type { ServerSecurity } from '../../contract/security.ts';

/**
 * How a node speaks TLS: 1.3 only, client certificates asked for and verified where there are rules for peers.
 * No session is ever resumed, so none outlives the checks of the handshake that made it: a client that brings a ticket
 * gets a full handshake.
 */
export function tlsServerOptions(
  { certificate, privateKey, peers }: ServerSecurity,
  handshakeTimeout: number,
): TlsOptions {
  const own: TlsOptions = {
    cert: certificate,
    key: privateKey,
    minVersion: 'TLSv1.3',
    secureOptions: constants.SSL_OP_NO_TICKET,
    handshakeTimeout,
  };
  if (peers === null) return own;
  return { ...own, ca: peers.clientCa, requestCert: true, rejectUnauthorized: true };
}
