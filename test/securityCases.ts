import { createPublicKey } from 'node:crypto';
import { type JWTPayload, SignJWT, UnsecuredJWT } from 'jose';
import { PROXY_ID, TRUST_DOMAIN } from '../runners/security/authority.ts';
import { createCertificateAuthority, type KeyedCertificate } from '../runners/security/certificates.ts';
import { createTokenIssuer } from '../runners/security/tokenIssuer.ts';
import type { RefusalReason } from '../servers/security/refusals.ts';
import { leaf, type TestAuthority, validClaims, validClient } from './securityAuthority.ts';

/** How a client presents itself. */
export interface Presented {
  /** null: it has no certificate. */
  readonly certificate: KeyedCertificate | null;
  readonly headers: Readonly<Record<string, string>>;
  /** @default 'TLSv1.3' */
  readonly tlsVersion?: 'TLSv1.2' | 'TLSv1.3';
}

/** One way to be turned away, whatever the protocol. */
export interface SecurityCase {
  readonly name: string;
  readonly reason: RefusalReason;
  /** `handshake`: TLS ends the connection; `request`: it is answered 401, or UNAUTHENTICATED. */
  readonly refusedAt: 'handshake' | 'request';
  present(authority: TestAuthority): Promise<Presented>;
}

const PAST_MS = -60_000;
const now = (): number => Math.floor(Date.now() / 1_000);
const bearer = (token: string): { authorization: string } => ({ authorization: `Bearer ${token}` });

/** What every client of a run has. */
export async function validPresented(authority: TestAuthority): Promise<Presented> {
  const certificate = await validClient(authority);
  return { certificate, headers: bearer(await authority.issuer.sign(validClaims())) };
}

type Certify = (authority: TestAuthority) => Promise<KeyedCertificate | null>;
type Sign = (authority: TestAuthority) => Promise<Record<string, string>>;

function certificateCase(
  name: string,
  reason: RefusalReason,
  refusedAt: SecurityCase['refusedAt'],
  certify: Certify,
): SecurityCase {
  const present = async (authority: TestAuthority): Promise<Presented> => ({
    ...(await validPresented(authority)),
    certificate: await certify(authority),
  });
  return { name, reason, refusedAt, present };
}

function headerCase(name: string, reason: RefusalReason, sign: Sign): SecurityCase {
  const present = async (authority: TestAuthority): Promise<Presented> => ({
    certificate: await validClient(authority),
    headers: await sign(authority),
  });
  return { name, reason, refusedAt: 'request', present };
}

/** Signed as every token of the run is, with other claims; null takes one away. */
function claimCase(name: string, reason: RefusalReason, claims: () => Record<string, unknown>): SecurityCase {
  return headerCase(name, reason, async ({ issuer }) => {
    const all = Object.entries({ ...validClaims(), ...claims() }).filter(([, value]) => value !== null);
    const payload: JWTPayload = Object.fromEntries(all);
    return bearer(await issuer.sign(payload));
  });
}

async function foreignAuthority() {
  return createCertificateAuthority(TRUST_DOMAIN, Date.now() + 3_600_000);
}

/** The classic mix-up: the public key, which everybody has, taken for the secret of HS256. */
async function signedByPublicKey({ issuer }: TestAuthority): Promise<Record<string, string>> {
  const [jwk] = issuer.keySet().keys;
  const key = { kty: jwk.kty, crv: jwk.crv, x: jwk.x, y: jwk.y };
  const pem = createPublicKey({ key, format: 'jwk' }).export({ format: 'pem', type: 'spki' });
  const token = new SignJWT(validClaims()).setProtectedHeader({ alg: 'HS256', kid: jwk.kid });
  return bearer(await token.sign(Buffer.from(pem)));
}

/** A right head, and a signature of somebody else's key under the `kid` of the issuer. */
async function signedBySomebodyElse(authority: TestAuthority): Promise<Record<string, string>> {
  const other = await createTokenIssuer();
  const [, payload, signature] = (await other.sign(validClaims())).split('.');
  const [head] = (await authority.issuer.sign(validClaims())).split('.');
  return bearer([head, payload, signature].join('.'));
}

const SPIFFE = `spiffe://${TRUST_DOMAIN}`;

/** The rows of "bad input" that are about identity, for every stage. */
export const SECURITY_CASES: readonly SecurityCase[] = [
  certificateCase('no client certificate', 'noCertificate', 'handshake', async () => null),
  certificateCase('an expired certificate', 'expiredCertificate', 'handshake', ({ ca }) =>
    ca.issue(leaf({ notAfterMs: Date.now() + PAST_MS })),
  ),
  certificateCase('a certificate of a foreign authority', 'foreignCertificate', 'handshake', async () =>
    (await foreignAuthority()).issue(leaf()),
  ),
  {
    name: 'a TLS 1.2 client',
    reason: 'tlsVersion',
    refusedAt: 'handshake',
    present: async (authority) => ({ ...(await validPresented(authority)), tlsVersion: 'TLSv1.2' }),
  },
  certificateCase('two URI names', 'severalUriSans', 'request', ({ ca }) =>
    ca.issue(leaf({ uris: [`${SPIFFE}/client`, `${SPIFFE}/admin`] })),
  ),
  certificateCase('no URI name', 'noSpiffeId', 'request', ({ ca }) =>
    ca.issue(leaf({ uris: [], hosts: ['client.test'] })),
  ),
  certificateCase('a URI name of another scheme', 'noSpiffeId', 'request', ({ ca }) =>
    ca.issue(leaf({ uris: [`https://${TRUST_DOMAIN}/client`] })),
  ),
  certificateCase('a name that only prints like a SPIFFE id', 'noSpiffeId', 'request', ({ ca }) =>
    ca.issue(leaf({ uris: [], hosts: [`x, URI:${SPIFFE}/client`] })),
  ),
  certificateCase('a CA-flagged certificate', 'caCertificate', 'request', ({ ca }) =>
    ca.issue(leaf({ isAuthority: true })),
  ),
  certificateCase('another trust domain', 'foreignTrustDomain', 'request', ({ ca }) =>
    ca.issue(leaf({ uris: ['spiffe://elsewhere.test/client'] })),
  ),
  {
    name: 'a forged x-spiffe-id',
    reason: 'spiffeHeader',
    refusedAt: 'request',
    async present(authority) {
      const { certificate, headers } = await validPresented(authority);
      return { certificate, headers: { ...headers, 'x-spiffe-id': `${SPIFFE}/admin` } };
    },
  },
  {
    name: 'a proxy that names no SPIFFE id',
    reason: 'spiffeHeader',
    refusedAt: 'request',
    async present(authority) {
      const { headers } = await validPresented(authority);
      const certificate = await authority.ca.issue(leaf({ uris: [PROXY_ID] }));
      return { certificate, headers: { ...headers, 'x-spiffe-id': 'admin' } };
    },
  },
  headerCase('no token', 'noToken', async () => ({})),
  headerCase('no bearer token', 'tokenMalformed', async () => ({ authorization: 'Basic YTpi' })),
  headerCase('a token that is none', 'tokenMalformed', async () => bearer('a.b.c')),
  headerCase('a token with alg none', 'tokenAlgorithm', async () =>
    bearer(new UnsecuredJWT(validClaims()).encode()),
  ),
  headerCase('HS256 signed with the public key', 'tokenAlgorithm', signedByPublicKey),
  headerCase('a signature of somebody else', 'tokenSignature', signedBySomebodyElse),
  headerCase('a token of an unknown kid', 'tokenKey', async () =>
    bearer(await (await createTokenIssuer()).sign(validClaims())),
  ),
  claimCase('a token without exp', 'tokenNoExpiry', () => ({ exp: null })),
  claimCase('an expired token', 'tokenExpired', () => ({ exp: now() - 60 })),
  claimCase('a token that is not valid yet', 'tokenNotYetValid', () => ({ nbf: now() + 600 })),
  claimCase('a token for another audience', 'tokenAudience', () => ({ aud: 'others' })),
  claimCase('a token of another issuer', 'tokenIssuer', () => ({ iss: 'https://elsewhere.test' })),
];
