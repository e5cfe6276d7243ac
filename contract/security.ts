/** How connections of a run are protected: not at all; TLS 1.3; or TLS 1.3 with SPIFFE identities on both sides and a JWT of each client. */
export type SecurityKind = 'plain' | 'tls' | 'mtls-jwt';

export const SECURITY_KINDS: readonly SecurityKind[] = ['plain', 'tls', 'mtls-jwt'];

/** What a client's JSON Web Token has to say (RFC 7519); `exp` is always required. */
export interface JwtRules {
  /** JSON Web Key Set with the issuer's public keys; fetched again for an unknown `kid`, after a cooldown. */
  readonly jwksUrl: string;
  readonly issuer: string;
  readonly audience: string;
  /** Pinned: a token signed otherwise is refused, whatever its head says. @default ['ES256'] */
  readonly algorithms: readonly string[];
  /** @default 30 */
  readonly clockToleranceSeconds: number;
}

/** Who may connect. */
export interface PeerRules {
  /** PEM of the authority that signs client certificates. */
  readonly clientCa: string;
  /** SPIFFE trust domain of clients, e.g. `pushbench.test`. */
  readonly trustDomain: string;
  /** SPIFFE ids of the proxies whose `x-spiffe-id` header counts; that of any other peer is refused. */
  readonly proxies: readonly string[];
  readonly jwt: JwtRules;
}

/** What a server node needs to speak TLS 1.3. PEM texts travel in control messages and never go into results. */
export interface ServerSecurity {
  readonly certificate: string;
  readonly privateKey: string;
  /** null: whoever connects is served (`tls`). */
  readonly peers: PeerRules | null;
}

/** What a client needs to speak TLS. A bearer token travels as an ordinary header. */
export interface ClientSecurity {
  /** PEM of the authorities that server certificates are checked against; null: those of the system. */
  readonly ca: string | null;
  /** PEM of the client's own certificate and key; null: it has none. */
  readonly certificate: string | null;
  readonly privateKey: string | null;
  /** Name that the server's certificate must be good for; null: the host that is connected to. */
  readonly serverName: string | null;
  /** The server's certificate must carry exactly one SPIFFE id, of this trust domain; null: not asked for. */
  readonly trustDomain: string | null;
}

/** What a TLS handshake agreed on. */
export interface TlsParameters {
  /** E.g. `TLSv1.3`. */
  readonly version: string;
  /** E.g. `TLS_AES_256_GCM_SHA384`. */
  readonly cipher: string;
}

/** Who a server believes its peer to be, once everything was checked. */
export interface Identity {
  readonly spiffeId: string;
  /** Claims of the verified token. */
  readonly claims: Readonly<Record<string, unknown>>;
  /** When the token ends, milliseconds since 1970: connections end then. */
  readonly expiresMs: number;
}
