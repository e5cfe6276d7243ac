import type { Identity, PeerRules, ServerSecurity } from '../../contract/security.ts';
import { judgeSvid, trustDomainOf } from '../../contract/svid.ts';
import { type RefusalReason, Refusals } from './refusals.ts';
import type { TokenVerifier } from './tokenVerifier.ts';

/** Who is at the other end of a connection, as TLS says. */
export interface Peer {
  /** DER of the certificate that TLS verified; null: there is none. */
  readonly certificate: Uint8Array | null;
}

/** What a request says of its sender. Header names are in lower case. */
export interface Credentials {
  readonly authorization?: string | undefined;
  readonly [SPIFFE_HEADER]?: string | readonly string[] | undefined;
}

/** Set by a proxy that ended the TLS of a client: who that client was. */
export const SPIFFE_HEADER = 'x-spiffe-id';

export type Admission =
  | { readonly state: 'admitted'; readonly identity: Identity }
  | {
      readonly state: 'refused';
      readonly reason: RefusalReason;
      /** 401, or 503 where the keys that a token is checked with cannot be had: HTTP status. */
      readonly status: 401 | 503;
    };

/** Asked before every request and every stream: nothing is remembered of who was admitted. */
export interface Gate {
  /** Never rejects. Counts what it refuses. */
  admit(peer: Peer, credentials: Credentials): Promise<Admission>;
}

export interface GateOptions {
  readonly refusals?: Refusals;
  /** Time before the keys are fetched again for a token of an unknown `kid`, milliseconds. @default 30000 */
  readonly keySetCooldownMs?: number;
}

/** The gate of a node; null: it lets everybody in, and whoever would ask it has nothing to pay. */
export function createGate(security: ServerSecurity | null, options: GateOptions = {}): Gate | null {
  const peers = security?.peers ?? null;
  return peers === null ? null : new RulesGate(peers, options);
}

type Judged =
  | { readonly state: 'valid'; readonly spiffeId: string }
  | { readonly state: 'refused'; readonly reason: RefusalReason };

class RulesGate implements Gate {
  readonly #rules: PeerRules;
  readonly #refusals: Refusals;
  readonly #verifier: Promise<TokenVerifier>;

  constructor(rules: PeerRules, { refusals = new Refusals(), keySetCooldownMs = 30_000 }: GateOptions) {
    this.#rules = rules;
    this.#refusals = refusals;
    this.#verifier = loadVerifier(rules, keySetCooldownMs);
    // Whoever asks is told; nobody may have asked yet.
    this.#verifier.catch(() => {});
  }

  async admit(peer: Peer, credentials: Credentials): Promise<Admission> {
    const judged = this.#identify(peer, credentials[SPIFFE_HEADER]);
    if (judged.state === 'refused') return this.#refuse(judged.reason);
    const verifier = await this.#verifier;
    const token = await verifier.verify(credentials.authorization);
    if (token.state === 'refused') return this.#refuse(token.reason);
    const { claims, expiresMs } = token;
    return { state: 'admitted', identity: { spiffeId: judged.spiffeId, claims, expiresMs } };
  }

  /** The peer itself, or whom a proxy that may say so names. */
  #identify({ certificate }: Peer, named: string | readonly string[] | undefined): Judged {
    if (certificate === null) return { state: 'refused', reason: 'noCertificate' };
    const judged = judgeSvid(certificate, this.#rules.trustDomain);
    if (judged.state === 'refused' || named === undefined) return judged;
    if (typeof named !== 'string' || !this.#rules.proxies.includes(judged.spiffeId)) {
      return { state: 'refused', reason: 'spiffeHeader' };
    }
    return this.#judgeNamed(named);
  }

  #judgeNamed(spiffeId: string): Judged {
    const domain = trustDomainOf(spiffeId);
    if (domain === null) return { state: 'refused', reason: 'spiffeHeader' };
    return domain === this.#rules.trustDomain
      ? { state: 'valid', spiffeId }
      : { state: 'refused', reason: 'foreignTrustDomain' };
  }

  #refuse(reason: RefusalReason): Admission {
    this.#refusals.add(reason);
    return { state: 'refused', reason, status: reason === 'keySetUnavailable' ? 503 : 401 };
  }
}

/** Loaded on demand: a node that asks for no token runs no code for it. */
async function loadVerifier({ jwt }: PeerRules, cooldownMs: number): Promise<TokenVerifier> {
  const { TokenVerifier } = await import('./tokenVerifier.ts');
  return new TokenVerifier(jwt, cooldownMs);
}
