import type { ClientSecurity, SecurityKind, ServerSecurity } from '../../contract/security.ts';
import { type CertificateAuthority, createCertificateAuthority } from './certificates.ts';
import { type KeySetServer, serveKeySet } from './keySetServer.ts';
import { createTokenIssuer } from './tokenIssuer.ts';

/** The throw-away authority of one run: everything it signs is worthless once the run is over. */
export interface Authority {
  /** What every load worker, probe and publisher connects with. */
  readonly client: ClientSecurity;
  /** Request headers that prove who a client is: `authorization` under `mtls-jwt`, none else. */
  readonly headers: Readonly<Record<string, string>>;
  /**
   * Certificate, key and rules of one server node.
   * @param hosts addresses and names that it is reached by, beside those of loopback
   */
  server(nodeId: string, hosts?: readonly string[]): Promise<ServerSecurity>;
  /** Stops serving the key set. */
  stop(): Promise<void>;
}

/** `.test` never belongs to anybody (RFC 6761, section 6.2). */
export const TRUST_DOMAIN = 'pushbench.test';
export const TOKEN_ISSUER = 'https://authority.pushbench.test';
export const TOKEN_AUDIENCE = 'pushbench';
export const CLIENT_ID = `spiffe://${TRUST_DOMAIN}/client`;
/** A proxy of this id may say whom it speaks for. */
export const PROXY_ID = `spiffe://${TRUST_DOMAIN}/proxy`;
/** Longer than the longest run. */
const LIFETIME_MS = 24 * 3_600_000;
const LOOPBACK = ['localhost', '127.0.0.1', '::1'];
const TOLERANCE_SECONDS = 30;

/** @param lifetimeMs of the certificates and of the token */
export async function createAuthority(
  kind: Exclude<SecurityKind, 'plain'>,
  lifetimeMs: number = LIFETIME_MS,
): Promise<Authority> {
  const notAfterMs = Date.now() + lifetimeMs;
  const authority = await createCertificateAuthority(TRUST_DOMAIN, notAfterMs);
  const serverLeaf = (nodeId: string, hosts: readonly string[]) =>
    authority.issue({
      uris: [`spiffe://${TRUST_DOMAIN}/server/${nodeId}`],
      hosts: [...new Set([...LOOPBACK, ...hosts])],
      isAuthority: false,
      notAfterMs,
    });
  if (kind === 'mtls-jwt') return mutualAuthority(authority, serverLeaf, notAfterMs);
  return {
    client: { ...clientOf(authority), certificate: null, privateKey: null, trustDomain: null },
    headers: {},
    server: async (nodeId, hosts = []) => ({ ...(await serverLeaf(nodeId, hosts)), peers: null }),
    stop: () => Promise.resolve(),
  };
}

type IssueServer = (
  nodeId: string,
  hosts: readonly string[],
) => Promise<Pick<ServerSecurity, 'certificate' | 'privateKey'>>;

async function mutualAuthority(
  authority: CertificateAuthority,
  serverLeaf: IssueServer,
  notAfterMs: number,
): Promise<Authority> {
  const own = await authority.issue({ uris: [CLIENT_ID], hosts: [], isAuthority: false, notAfterMs });
  const issuer = await createTokenIssuer();
  const token = await issuer.sign({
    iss: TOKEN_ISSUER,
    aud: TOKEN_AUDIENCE,
    sub: CLIENT_ID,
    iat: Math.floor(Date.now() / 1_000),
    exp: Math.floor(notAfterMs / 1_000),
  });
  const keys = await serveKeySet(() => issuer.keySet());
  return {
    client: { ...clientOf(authority), ...own, trustDomain: TRUST_DOMAIN },
    headers: { authorization: `Bearer ${token}` },
    server: async (nodeId, hosts = []) => ({
      ...(await serverLeaf(nodeId, hosts)),
      peers: peerRules(authority, keys),
    }),
    stop: () => keys.stop(),
  };
}

function clientOf({ certificate: ca }: CertificateAuthority): Pick<ClientSecurity, 'ca' | 'serverName'> {
  return { ca, serverName: 'localhost' };
}

/** Whom the nodes of a run let in. */
export function peerRules(
  { certificate: clientCa }: CertificateAuthority,
  { url: jwksUrl }: Pick<KeySetServer, 'url'>,
): NonNullable<ServerSecurity['peers']> {
  return {
    clientCa,
    trustDomain: TRUST_DOMAIN,
    proxies: [PROXY_ID],
    jwt: {
      jwksUrl,
      issuer: TOKEN_ISSUER,
      audience: TOKEN_AUDIENCE,
      algorithms: ['ES256'],
      clockToleranceSeconds: TOLERANCE_SECONDS,
    },
  };
}
