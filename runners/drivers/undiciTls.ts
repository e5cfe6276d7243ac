import type { Client } from 'undici';
import type { ClientSecurity } from '../../contract/security.ts';
import { tlsOptions } from './tlsOptions.ts';

/** What undici's clients of one host take beside the rest; no session is kept, so that each handshake is a full one. */
export function undiciTls(security: ClientSecurity | null, host: string): Pick<Client.Options, 'connect'> {
  return security === null ? {} : { connect: { ...tlsOptions(security, host), maxCachedSessions: 0 } };
}
