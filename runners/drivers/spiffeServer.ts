import { X509Certificate } from 'node:crypto';
import { uriNamesOf } from '../../contract/certificateFields.ts';
import { messageOf } from '../../contract/errors.ts';

/** SPIFFE-ID, sections 2 and 2.1: `spiffe://`, trust domain, and a path without empty, `.` or `..` segments. */
const SPIFFE_ID = /^spiffe:\/\/([a-z0-9._-]{1,255})((?:\/(?!\.{1,2}(?:\/|$))[A-Za-z0-9._-]+)+)$/;
const MAX_ID_BYTES = 2_048;

/**
 * What a client has against the certificate of a server that must be an X.509-SVID of a trust domain: exactly one URI among
 * its names, a SPIFFE id of that domain, and no right to sign (SPIFFE X.509-SVID, sections 2 and 5.2). Chain and validity
 * are the business of TLS itself.
 *
 * @returns null: nothing
 */
export function spiffeServerFault(certificate: Uint8Array, trustDomain: string): string | null {
  try {
    return (
      nameFault(uriNamesOf(certificate), trustDomain) ??
      (new X509Certificate(certificate).ca ? 'certificate of an authority, not of a server' : null)
    );
  } catch (error) {
    return `damaged certificate: ${messageOf(error)}`;
  }
}

function nameFault(uris: readonly string[], trustDomain: string): string | null {
  if (uris.length !== 1) return `certificate with ${uris.length} URI names, not one SPIFFE id`;
  const [, domain] = (uris[0].length <= MAX_ID_BYTES && SPIFFE_ID.exec(uris[0])) || [];
  if (domain === undefined) return 'certificate whose URI name is no SPIFFE id';
  return domain === trustDomain ? null : `certificate of the trust domain ${domain}, not of ${trustDomain}`;
}
