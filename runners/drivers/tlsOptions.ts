import { isIP } from 'node:net';
import {
  checkServerIdentity,
  createSecureContext,
  getCACertificates,
  type PeerCertificate,
  type SecureContext,
} from 'node:tls';
import type { ClientSecurity } from '../../contract/security.ts';
import { judgeSvid, type SvidFault } from '../../contract/svid.ts';

/** What `tls.connect`, `http2.connect`, undici, `ws` and autocannon take alike. */
export interface TlsOptions {
  /** Minimal version, authorities, own certificate and key: read once, however many connections share them. */
  readonly secureContext: SecureContext;
  /** Name told to the server; empty for an address, which must not be told (RFC 6066, section 3). */
  readonly servername: string;
  readonly rejectUnauthorized: true;
  readonly checkServerIdentity: (host: string, certificate: PeerCertificate) => Error | undefined;
}

/** A certificate in memory takes tens of kilobytes: one context for all connections of a process. */
const CONTEXTS = new WeakMap<ClientSecurity, SecureContext>();

/**
 * How a client of `host` speaks TLS: 1.3 only, the server always verified. Nothing is kept of a session, so every handshake
 * is a full one, as that of a new client is.
 */
export function tlsOptions(security: ClientSecurity, host: string): TlsOptions {
  const name = security.serverName ?? host;
  return {
    secureContext: secureContextOf(security),
    servername: isIP(name) === 0 ? name : '',
    rejectUnauthorized: true,
    checkServerIdentity: (_, certificate) => identityFault(security, name, certificate),
  };
}

/** Also for clients that take no more than the context, such as grpc-js. @throws Error where a PEM text is damaged. */
export function secureContextOf(security: ClientSecurity): SecureContext {
  const known = CONTEXTS.get(security);
  if (known !== undefined) return known;
  const { ca, certificate, privateKey } = security;
  const context = createSecureContext({
    minVersion: 'TLSv1.3',
    ca: ca ?? systemAuthorities(),
    ...(certificate === null || privateKey === null ? {} : { cert: certificate, key: privateKey }),
  });
  CONTEXTS.set(security, context);
  return context;
}

/** Those that Node brings, where the system has none. */
function systemAuthorities(): string[] {
  const system = getCACertificates('system');
  return system.length > 0 ? system : getCACertificates('bundled');
}

/** In a trust domain a server is who its SPIFFE id says; elsewhere who its host name says. */
function identityFault(
  { trustDomain }: ClientSecurity,
  name: string,
  certificate: PeerCertificate,
): Error | undefined {
  if (trustDomain === null) return checkServerIdentity(name, certificate);
  const judged = judgeSvid(certificate.raw, trustDomain);
  if (judged.state === 'valid') return undefined;
  // Node's code for a certificate that names somebody else.
  const code = 'ERR_TLS_CERT_ALTNAME_INVALID';
  return Object.assign(new Error(`${SVID_FAULTS[judged.reason]} (trust domain ${trustDomain})`), { code });
}

const SVID_FAULTS: Readonly<Record<SvidFault, string>> = {
  damagedCertificate: 'the certificate is damaged',
  noSpiffeId: 'the certificate holds no SPIFFE id',
  severalUriSans: 'the certificate holds several URI names, not one SPIFFE id',
  caCertificate: 'the certificate is that of an authority, not of a server',
  keyUsage: 'the key of the certificate is not for handshakes',
  foreignTrustDomain: 'the SPIFFE id of the certificate is of another trust domain',
};
