import { createRemoteJWKSet, errors, type JWTVerifyGetKey, type JWTVerifyOptions, jwtVerify } from 'jose';
import type { JwtRules } from '../../contract/security.ts';
import type { TokenFault } from './refusals.ts';

/** Time for an answer of the key set's server, milliseconds. */
const KEY_SET_TIMEOUT_MS = 5_000;
/** Keys are fetched anew after this at the latest, milliseconds: then one that was withdrawn is no longer believed. */
const KEY_SET_AGE_MS = 600_000;
/** RFC 6750, section 2.1; the scheme's name is not case-sensitive (RFC 9110, section 11.1). */
const BEARER = /^Bearer +([A-Za-z0-9._~+/-]+=*) *$/i;

export type VerifiedToken =
  | {
      readonly state: 'verified';
      readonly claims: Readonly<Record<string, unknown>>;
      /** Until when the token is honoured, clock tolerance included, milliseconds since 1970. */
      readonly expiresMs: number;
    }
  | { readonly state: 'refused'; readonly reason: TokenFault };

/** Verifies bearer tokens against a remote key set; every token every time, none is remembered. */
export class TokenVerifier {
  readonly #keys: JWTVerifyGetKey;
  readonly #options: JWTVerifyOptions;
  readonly #toleranceSeconds: number;

  constructor(rules: JwtRules, cooldownMs: number) {
    this.#keys = createRemoteJWKSet(new URL(rules.jwksUrl), {
      cooldownDuration: cooldownMs,
      timeoutDuration: KEY_SET_TIMEOUT_MS,
      cacheMaxAge: KEY_SET_AGE_MS,
    });
    this.#toleranceSeconds = rules.clockToleranceSeconds;
    this.#options = {
      algorithms: [...rules.algorithms],
      issuer: rules.issuer,
      audience: rules.audience,
      clockTolerance: rules.clockToleranceSeconds,
      requiredClaims: ['exp'],
    };
  }

  /** @param authorization value of that header */
  async verify(authorization: string | undefined): Promise<VerifiedToken> {
    if (authorization === undefined) return { state: 'refused', reason: 'noToken' };
    const token = BEARER.exec(authorization)?.[1];
    if (token === undefined) return { state: 'refused', reason: 'tokenMalformed' };
    try {
      const { payload } = await jwtVerify(token, this.#keys, this.#options);
      // `exp` is required above, so it is there.
      const expiresMs = ((payload.exp ?? 0) + this.#toleranceSeconds) * 1_000;
      return { state: 'verified', claims: payload, expiresMs };
    } catch (error) {
      return { state: 'refused', reason: faultOf(error) };
    }
  }
}

const FAULTS: Readonly<Record<string, TokenFault>> = {
  [errors.JOSEAlgNotAllowed.code]: 'tokenAlgorithm',
  [errors.JOSENotSupported.code]: 'tokenAlgorithm',
  [errors.JWSSignatureVerificationFailed.code]: 'tokenSignature',
  [errors.JWTExpired.code]: 'tokenExpired',
  [errors.JWKSNoMatchingKey.code]: 'tokenKey',
  [errors.JWKSMultipleMatchingKeys.code]: 'tokenKey',
  [errors.JWSInvalid.code]: 'tokenMalformed',
  [errors.JWTInvalid.code]: 'tokenMalformed',
};

const CLAIM_FAULTS: Readonly<Record<string, TokenFault>> = {
  exp: 'tokenNoExpiry',
  nbf: 'tokenNotYetValid',
  aud: 'tokenAudience',
  iss: 'tokenIssuer',
};

/** What else can fail is the fetching of the keys. */
function faultOf(error: unknown): TokenFault {
  if (error instanceof errors.JWTClaimValidationFailed) {
    return CLAIM_FAULTS[error.claim] ?? 'tokenMalformed';
  }
  return (error instanceof errors.JOSEError && FAULTS[error.code]) || 'keySetUnavailable';
}
