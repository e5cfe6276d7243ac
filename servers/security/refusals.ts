import type { SvidFault } from '../../contract/svid.ts';

/** Why somebody is turned away for want of a valid identity: labels of `push_unauthenticated_total`, stable. */
export type RefusalReason = HandshakeFault | SvidFault | 'spiffeHeader' | TokenFault;

/** Seen by TLS itself. */
export type HandshakeFault = 'noCertificate' | 'foreignCertificate' | 'expiredCertificate' | 'tlsVersion';

export type TokenFault =
  | 'noToken'
  | 'tokenMalformed'
  | 'tokenAlgorithm'
  | 'tokenSignature'
  | 'tokenKey'
  | 'tokenNoExpiry'
  | 'tokenExpired'
  | 'tokenNotYetValid'
  | 'tokenAudience'
  | 'tokenIssuer'
  | 'keySetUnavailable';

/** How many were turned away since the node started, by reason. */
export class Refusals {
  readonly #counts = new Map<RefusalReason, number>();

  add(reason: RefusalReason): void {
    this.#counts.set(reason, (this.#counts.get(reason) ?? 0) + 1);
  }

  /** Only reasons that were met. */
  counts(): Record<string, number> {
    return Object.fromEntries(this.#counts);
  }
}
