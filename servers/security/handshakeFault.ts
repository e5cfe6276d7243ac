import type { TLSSocket } from 'node:tls';
import type { HandshakeFault } from './refusals.ts';

/** Codes of OpenSSL for handshakes that fail for want of a valid identity. */
const ERRORS: Readonly<Record<string, HandshakeFault>> = {
  ERR_SSL_PEER_DID_NOT_RETURN_A_CERTIFICATE: 'noCertificate',
  ERR_SSL_UNSUPPORTED_PROTOCOL: 'tlsVersion',
  ERR_SSL_WRONG_SSL_VERSION: 'tlsVersion',
  ERR_SSL_VERSION_TOO_LOW: 'tlsVersion',
};

/**
 * What a handshake failed for; null: for something else, such as a client that went away or does not speak TLS.
 * A certificate is verified once the handshake is through: Node then ends the socket, which says why.
 */
export function handshakeFault(error: NodeJS.ErrnoException, socket: TLSSocket): HandshakeFault | null {
  // `null` until a certificate is found wanting; then its code, whatever the types say.
  const verification = String(socket.authorizationError ?? '');
  if (verification === 'CERT_HAS_EXPIRED' || verification === 'CERT_NOT_YET_VALID')
    return 'expiredCertificate';
  if (verification !== '') return 'foreignCertificate';
  return ERRORS[error.code ?? ''] ?? null;
}
