import type { ConnectTarget } from '../../../contract/loadDriver.ts';
import { authorityOf } from '../requestHead.ts';

/** Fields of HTTP/1.1 connections, which a request over HTTP/2 must not have (RFC 9113, section 8.2.2). */
const CONNECTION_FIELDS = new Set([
  'connection',
  'host',
  'http2-settings',
  'keep-alive',
  'proxy-connection',
  'te',
  'transfer-encoding',
  'upgrade',
]);

/**
 * Header fields of a request, names and values in turn as node:http2 takes them. The user's own take the place of `own`,
 * whose names are in lower case; those that only HTTP/1.1 has are left out, `Host` names the authority.
 */
export function requestFields(
  target: ConnectTarget,
  isSecure: boolean,
  method: 'GET' | 'POST',
  path: string,
  own: Readonly<Record<string, string>>,
): string[] {
  let authority = authorityOf(target);
  const fields = new Map(Object.entries(own));
  for (const [name, value] of Object.entries(target.headers)) {
    const lower = name.toLowerCase();
    if (lower === 'host') authority = value;
    else if (!CONNECTION_FIELDS.has(lower)) fields.set(lower, value);
  }
  const pseudo = [
    ':method',
    method,
    ':scheme',
    isSecure ? 'https' : 'http',
    ':authority',
    authority,
    ':path',
    path,
  ];
  return [...pseudo, ...[...fields].flat()];
}
