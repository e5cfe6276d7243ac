import { connect as connectTcp, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { messageOf } from '../../contract/errors.ts';
import type { ClientSecurity } from '../../contract/security.ts';
import { codeOf } from '../drivers/closeReason.ts';
import { tlsFaultDetail } from '../drivers/tlsFault.ts';
import { tlsOptions } from '../drivers/tlsOptions.ts';

/** Where messages are posted, and how the way there is protected. */
export interface IngestAddress {
  readonly host: string;
  readonly port: number;
  /** null: plain TCP. */
  readonly security: ClientSecurity | null;
}

/** Authorities of the system, and no certificate: for an https address beside a subscription that is not protected. */
const SYSTEM_SECURITY: ClientSecurity = {
  ca: null,
  certificate: null,
  privateKey: null,
  serverName: null,
  trustDomain: null,
};

/** The scheme of the address decides: a user's own server may take messages in the clear and stream under TLS, or the reverse. */
export function ingestAddress(url: string, security: ClientSecurity | null): IngestAddress {
  const { hostname, port, protocol } = new URL(url.replaceAll('{topic}', 'x'));
  const host = hostname.replace(/^\[|\]$/g, '');
  if (protocol !== 'https:') return { host, port: Number(port || 80), security: null };
  return { host, port: Number(port || 443), security: security ?? SYSTEM_SECURITY };
}

/** A connection under way, and the event from which on it takes bytes. */
export interface Dialled {
  readonly socket: Socket;
  readonly ready: 'connect' | 'secureConnect';
}

export function dialIngest({ host, port, security }: IngestAddress): Dialled {
  if (security === null) return { socket: connectTcp({ host, port, noDelay: true }), ready: 'connect' };
  const socket = connectTls({ ...tlsOptions(security, host), host, port }).setNoDelay(true);
  return { socket, ready: 'secureConnect' };
}

/** What went wrong, for the list of failures. */
export function dialFault(error: Error): string {
  return tlsFaultDetail(error, codeOf(error))?.detail ?? messageOf(error);
}
