import {
  calculateJwkThumbprint,
  exportJWK,
  generateKeyPair,
  type JSONWebKeySet,
  type JWTPayload,
  SignJWT,
} from 'jose';

const ALGORITHM = 'ES256';

/** Signs tokens, and says by which keys they are verified. The private keys never leave this process. */
export interface TokenIssuer {
  /** Public keys. */
  keySet(): JSONWebKeySet;
  /** Signs with the newest key. `payload` is taken as it is: whatever a valid token needs has to be in it. */
  sign(payload: JWTPayload): Promise<string>;
  /** From now on another key signs; the old ones stay in the key set. */
  rotate(): Promise<void>;
}

export async function createTokenIssuer(): Promise<TokenIssuer> {
  let signer = await createSigner();
  const keySet: JSONWebKeySet = { keys: [signer.publicKey] };
  return {
    keySet: () => keySet,
    sign: (payload) =>
      new SignJWT(payload).setProtectedHeader({ alg: ALGORITHM, kid: signer.kid }).sign(signer.privateKey),
    async rotate() {
      signer = await createSigner();
      keySet.keys.push(signer.publicKey);
    },
  };
}

interface Signer {
  readonly kid: string;
  readonly privateKey: CryptoKey;
  readonly publicKey: JSONWebKeySet['keys'][number];
}

async function createSigner(): Promise<Signer> {
  const { publicKey, privateKey } = await generateKeyPair(ALGORITHM);
  const jwk = await exportJWK(publicKey);
  const kid = await calculateJwkThumbprint(jwk);
  return { kid, privateKey, publicKey: { ...jwk, kid, alg: ALGORITHM, use: 'sig' } };
}
