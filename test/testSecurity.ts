import { createSecureContext } from 'node:tls';
import { createCertificateAuthority, type LeafRequest } from '../runners/security/certificates.ts';
import type { FixtureSecurity } from './driverFixture.ts';

const HOUR_MS = 3_600_000;

/** Authorities of one test process, which nobody else trusts. */
const authority = await createCertificateAuthority('pushbench.test', Date.now() + HOUR_MS);
const stranger = await createCertificateAuthority('elsewhere.test', Date.now() + HOUR_MS);

export const AUTHORITY_PEM: string = authority.certificate;
export const STRANGERS_PEM: string = stranger.certificate;

const SERVER: LeafRequest = {
  uris: ['spiffe://pushbench.test/server/n1'],
  hosts: ['127.0.0.1', 'localhost'],
  isAuthority: false,
  notAfterMs: Date.now() + HOUR_MS,
};

/** A certificate of the test's authority for a server on this host, with what is `given` otherwise. */
export function issue(given: Partial<LeafRequest> = {}) {
  return authority.issue({ ...SERVER, ...given });
}

/** Of the authority that nobody trusts. */
export function issueStrange() {
  return stranger.issue(SERVER);
}

/** A client that trusts the test's authority and has nothing to show itself. */
export const CLIENT = {
  ca: AUTHORITY_PEM,
  certificate: null,
  privateKey: null,
  serverName: null,
  trustDomain: null,
} as const;

/** Both sides of TLS for a server on this host. */
export async function testSecurity(): Promise<FixtureSecurity> {
  const { certificate, privateKey } = await issue();
  const server = createSecureContext({ cert: certificate, key: privateKey, minVersion: 'TLSv1.3' });
  return { client: CLIENT, server };
}
