import { isIP } from 'node:net';
import { type ChannelCredentials, type ChannelOptions, credentials } from '@grpc/grpc-js';
import type { ClientSecurity } from '../../../contract/security.ts';
import { secureContextOf, tlsOptions } from '../tlsOptions.ts';

/** The package tells every server a name, and an address must not be one (RFC 6066, section 3). Nothing is judged by it. */
const NAME_OF_AN_ADDRESS = 'localhost';

export interface ChannelSecurity {
  readonly credentials: ChannelCredentials;
  readonly options: ChannelOptions;
}

/**
 * How a channel of grpc-js is protected: as any other client of the same server.
 * @param host name that a certificate must be good for where the security names none
 */
export function channelSecurity(security: ClientSecurity | null, host: string): ChannelSecurity {
  if (security === null) return { credentials: credentials.createInsecure(), options: {} };
  const { checkServerIdentity, rejectUnauthorized } = tlsOptions(security, host);
  const name = security.serverName ?? host;
  return {
    credentials: credentials.createFromSecureContext(secureContextOf(security), {
      checkServerIdentity,
      rejectUnauthorized,
    }),
    options: { 'grpc.ssl_target_name_override': isIP(name) === 0 ? name : NAME_OF_AN_ADDRESS },
  };
}
