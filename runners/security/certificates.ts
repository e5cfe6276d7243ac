import { isIP } from 'node:net';

/** NIST P-256: what every TLS 1.3 peer can do (RFC 8446, section 9.1). */
const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;
/** Clocks of two processes differ, and certificates say whole seconds. */
const BACKDATED_MS = 60_000;
const EVERY_LEAF = ['1.3.6.1.5.5.7.3.1', '1.3.6.1.5.5.7.3.2'];

/** What a leaf certificate says. */
export interface LeafRequest {
  /** URIs among its names: a SPIFFE id, and nothing else, in one that is valid. */
  readonly uris: readonly string[];
  /** Host names and addresses that a server is reached by. */
  readonly hosts: readonly string[];
  /** It says of itself that it is an authority. */
  readonly isAuthority: boolean;
  readonly notAfterMs: number;
}

/** A certificate and its private key, PEM. */
export interface KeyedCertificate {
  readonly certificate: string;
  readonly privateKey: string;
}

export interface CertificateAuthority {
  /** Its own certificate, PEM. */
  readonly certificate: string;
  issue(leaf: LeafRequest): Promise<KeyedCertificate>;
}

/**
 * Makes an authority whose key never leaves this process.
 * @param notAfterMs when its certificate ends, milliseconds since 1970
 */
export async function createCertificateAuthority(
  trustDomain: string,
  notAfterMs: number,
): Promise<CertificateAuthority> {
  const x509 = await loadX509();
  const keys = await crypto.subtle.generateKey(ALGORITHM, false, ['sign', 'verify']);
  const { keyCertSign, cRLSign, digitalSignature } = x509.KeyUsageFlags;
  const own = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: serialNumber(),
    name: [{ O: ['pushbench'], CN: [`authority of ${trustDomain}`] }],
    ...validity(notAfterMs),
    signingAlgorithm: ALGORITHM,
    keys,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(keyCertSign | cRLSign, true),
      new x509.SubjectAlternativeNameExtension([{ type: 'url', value: `spiffe://${trustDomain}` }]),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });

  async function issue({
    uris,
    hosts,
    isAuthority,
    notAfterMs: endMs,
  }: LeafRequest): Promise<KeyedCertificate> {
    const leafKeys = await crypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
    const leaf = await x509.X509CertificateGenerator.create({
      serialNumber: serialNumber(),
      subject: [{ O: ['pushbench'] }],
      issuer: own.subjectName,
      ...validity(endMs),
      signingAlgorithm: ALGORITHM,
      signingKey: keys.privateKey,
      publicKey: leafKeys.publicKey,
      extensions: [
        new x509.BasicConstraintsExtension(isAuthority, undefined, true),
        new x509.KeyUsagesExtension(isAuthority ? keyCertSign | digitalSignature : digitalSignature, true),
        new x509.ExtendedKeyUsageExtension(EVERY_LEAF),
        new x509.SubjectAlternativeNameExtension([...uris.map(uriName), ...hosts.map(hostName)]),
        await x509.AuthorityKeyIdentifierExtension.create(own),
      ],
    });
    const privateKey = await crypto.subtle.exportKey('pkcs8', leafKeys.privateKey);
    return {
      certificate: leaf.toString('pem'),
      privateKey: x509.PemConverter.encode(privateKey, 'PRIVATE KEY'),
    };
  }

  return { certificate: own.toString('pem'), issue };
}

/** Loaded on demand, after what it needs: it takes 20 MB and a tenth of a second. */
async function loadX509(): Promise<typeof import('@peculiar/x509')> {
  await import('reflect-metadata');
  return import('@peculiar/x509');
}

/** 64 random bits, positive (RFC 5280, section 4.1.2.2). */
function serialNumber(): string {
  const bytes = crypto.getRandomValues(Buffer.alloc(9));
  bytes[0] = 1;
  return bytes.toString('hex');
}

function validity(notAfterMs: number): { readonly notBefore: Date; readonly notAfter: Date } {
  const notBeforeMs = Math.min(Date.now(), notAfterMs) - BACKDATED_MS;
  return { notBefore: new Date(notBeforeMs), notAfter: new Date(notAfterMs) };
}

function uriName(value: string): { type: 'url'; value: string } {
  return { type: 'url', value };
}

function hostName(value: string): { type: 'ip' | 'dns'; value: string } {
  return { type: isIP(value) === 0 ? 'dns' : 'ip', value };
}
