import type { TestContext } from 'node:test';
import type { PeerRules, ServerSecurity } from '../contract/security.ts';
import {
  CLIENT_ID,
  peerRules,
  TOKEN_AUDIENCE,
  TOKEN_ISSUER,
  TRUST_DOMAIN,
} from '../runners/security/authority.ts';
import {
  type CertificateAuthority,
  createCertificateAuthority,
  type KeyedCertificate,
  type LeafRequest,
} from '../runners/security/certificates.ts';
import { type KeySetServer, serveKeySet } from '../runners/security/keySetServer.ts';
import { createTokenIssuer, type TokenIssuer } from '../runners/security/tokenIssuer.ts';

const HOUR_MS = 3_600_000;

/** An authority whose certificates and tokens may be wrong in every way a test wants. */
export interface TestAuthority {
  readonly ca: CertificateAuthority;
  readonly keys: KeySetServer;
  readonly issuer: TokenIssuer;
  readonly rules: PeerRules;
  /** What a node of it is started with. */
  readonly server: ServerSecurity;
}

export async function createTestAuthority(t: Pick<TestContext, 'after'>): Promise<TestAuthority> {
  const ca = await createCertificateAuthority(TRUST_DOMAIN, Date.now() + HOUR_MS);
  const issuer = await createTokenIssuer();
  const keys = await serveKeySet(() => issuer.keySet());
  t.after(() => keys.stop());
  const rules = peerRules(ca, keys);
  const uris = [`spiffe://${TRUST_DOMAIN}/server/n1`];
  const own = await ca.issue(leaf({ uris, hosts: ['localhost', '127.0.0.1'] }));
  return { ca, keys, issuer, rules, server: { ...own, peers: rules } };
}

/** A leaf that is fine but for what a test says otherwise. */
export function leaf(wrong: Partial<LeafRequest> = {}): LeafRequest {
  return { uris: [CLIENT_ID], hosts: [], isAuthority: false, notAfterMs: Date.now() + HOUR_MS, ...wrong };
}

export function validClient({ ca }: TestAuthority): Promise<KeyedCertificate> {
  return ca.issue(leaf());
}

/** What a good token says. */
export function validClaims(): { iss: string; aud: string; sub: string; exp: number } {
  const exp = Math.floor((Date.now() + HOUR_MS) / 1_000);
  return { iss: TOKEN_ISSUER, aud: TOKEN_AUDIENCE, sub: CLIENT_ID, exp };
}
