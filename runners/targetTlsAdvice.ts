import type { TargetSettings } from '../contract/config.ts';
import type { CloseDetail } from '../contract/loadDriver.ts';

const BY_DETAIL: readonly (readonly [pattern: RegExp, hint: string])[] = [
  [/^TLS alert protocol version/, 'Only TLS 1.3 is spoken: the server has to know it.'],
  [
    /^TLS alert (certificate required|handshake failure|access denied)/,
    'The server wants a certificate of its clients: --tls-cert FILE --tls-key FILE.',
  ],
  [
    /^TLS alert .*(certificate|unknown ca)/,
    "The server does not take the clients' certificate: --tls-cert and --tls-key name another.",
  ],
  [
    /certificate has expired|not yet valid/,
    "The server's certificate is out of date, or the clock of this host is.",
  ],
  [
    /self-signed|unable to (verify|get)/,
    'This host does not know who signed its certificate: --tls-ca FILE names them.',
  ],
  [/does not match/, 'Its certificate is for another name: --tls-server-name NAME says for which.'],
  [
    /^TLS: (wrong version number|packet length|.*record)/,
    'No TLS is spoken at this port: an address in the clear?',
  ],
  [/does not speak HTTP\/2/, 'The server has to agree to h2 by ALPN, as every client of gRPC asks for.'],
];
const HUNG_UP: readonly CloseDetail['reason'][] = ['closed-by-server', 'reset'];
/** How a server that expects TLS meets a request in the clear: it hangs up, with an alert before that or without. */
const TOO_CLEAR = /^(closed by the server|damaged response head|ECONNRESET)$/;

/** What TLS has to do with it; null: nothing that is known. */
export function tlsHint({ security, url }: TargetSettings, { reason, detail }: CloseDetail): string | null {
  if (security === null) {
    const hint = `Where this port speaks TLS, the address begins with ${secured(url)}.`;
    return TOO_CLEAR.test(detail) ? hint : null;
  }
  const known = BY_DETAIL.find(([pattern]) => pattern.test(detail));
  if (known !== undefined) return known[1];
  // An alert may be lost in the reset that follows it, and some servers send none.
  const mayWant = security.certificate === null && HUNG_UP.includes(reason);
  return mayWant
    ? 'A server that wants a certificate of its clients may end like this: --tls-cert FILE --tls-key FILE.'
    : null;
}

/** `--cacert …` and the like of curl, as the same files are given to bench. */
export function curlFiles({ security }: TargetSettings): string {
  const authorities = security === null || security.ca === null ? '' : ' --cacert CA.pem';
  return security === null || security.certificate === null
    ? authorities
    : `${authorities} --cert CLIENT.pem --key KEY.pem`;
}

function secured(url: string): string {
  return `${new URL(url).protocol.replace(':', 's')}://`;
}
