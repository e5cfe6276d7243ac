import type { Duplex } from 'node:stream';
import { TLSSocket } from 'node:tls';
import type { Peer } from './gate.ts';

const NOBODY: Peer = { certificate: null };

/** Who TLS verified at the other end of a socket; the socket of an HTTP/2 session too. */
export function peerOf(socket: Duplex | null): Peer {
  if (!(socket instanceof TLSSocket) || !socket.authorized) return NOBODY;
  return { certificate: socket.getPeerX509Certificate()?.raw ?? null };
}
