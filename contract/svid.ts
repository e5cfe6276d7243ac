import { keyRightsOf, uriNamesOf } from './certificateFields.ts';

/** SPIFFE-ID, sections 2.1 and 2.2: `spiffe://`, a trust domain, and a path without empty, `.` or `..` segments. */
const SPIFFE_ID = /^spiffe:\/\/([a-z0-9._-]{1,255})((?:\/(?!\.{1,2}(?:\/|$))[A-Za-z0-9._-]+)+)$/;
/** SPIFFE-ID, section 2.3. */
const MAX_ID_BYTES = 2_048;

export type SvidFault =
  | 'damagedCertificate'
  | 'noSpiffeId'
  | 'severalUriSans'
  | 'caCertificate'
  | 'keyUsage'
  | 'foreignTrustDomain';

export type JudgedSvid =
  | { readonly state: 'valid'; readonly spiffeId: string }
  | { readonly state: 'refused'; readonly reason: SvidFault };

/** The trust domain of a SPIFFE id; null where the text is none, or names no workload. */
export function trustDomainOf(spiffeId: string): string | null {
  return spiffeId.length > MAX_ID_BYTES ? null : (SPIFFE_ID.exec(spiffeId)?.[1] ?? null);
}

/**
 * Judges a certificate by the rules for a leaf X.509-SVID (SPIFFE X.509-SVID, sections 2 to 5): exactly one URI among its names,
 * which is a SPIFFE id of the trust domain, and a key that signs handshakes and nothing else. Chain and validity are
 * the business of TLS itself.
 * @param certificate its DER: a printed form can be forged by crafted names
 */
export function judgeSvid(certificate: Uint8Array, trustDomain: string): JudgedSvid {
  try {
    const reason = keyFault(certificate);
    return reason === null ? judgeNames(uriNamesOf(certificate), trustDomain) : { state: 'refused', reason };
  } catch {
    // The DER reader throws for one reason only.
    return { state: 'refused', reason: 'damagedCertificate' };
  }
}

function keyFault(certificate: Uint8Array): SvidFault | null {
  const { isAuthority, mayAuthenticate } = keyRightsOf(certificate);
  if (isAuthority) return 'caCertificate';
  return mayAuthenticate ? null : 'keyUsage';
}

function judgeNames(uris: readonly string[], trustDomain: string): JudgedSvid {
  if (uris.length > 1) return { state: 'refused', reason: 'severalUriSans' };
  const [spiffeId = ''] = uris;
  const domain = trustDomainOf(spiffeId);
  if (domain === null) return { state: 'refused', reason: 'noSpiffeId' };
  return domain === trustDomain
    ? { state: 'valid', spiffeId }
    : { state: 'refused', reason: 'foreignTrustDomain' };
}
