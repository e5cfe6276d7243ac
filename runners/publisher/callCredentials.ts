import { isIP } from 'node:net';
import { type ChannelCredentials, type ChannelOptions, credentials } from '@grpc/grpc-js';
import type { ClientSecurity } from '../../contract/security.ts';
import { secureContextOf, tlsOptions } from '../drivers/tlsOptions.ts';

/**
 * How a channel to several instances is protected: as any other client of theirs.
 * @param host name that a certificate must be good for where the security names none
 */
export function callCredentials(
  security: ClientSecurity | null,
  host: string,
): { readonly credentials: ChannelCredentials; readonly options: ChannelOptions } {
  if (security === null) return { credentials: credentials.createInsecure(), options: {} };
  const { checkServerIdentity } = tlsOptions(security, host);
  const name = security.serverName ?? host;
  return {
    credentials: credentials.createFromSecureContext(secureContextOf(security), { checkServerIdentity }),
    // An address must not be told as a server name (RFC 6066, section 3).
    options: isIP(name) === 0 ? { 'grpc.ssl_target_name_override': name } : {},
  };
}
