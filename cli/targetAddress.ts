import type { TargetSettings } from '../contract/config.ts';
import type { Fault } from '../contract/errors.ts';
import type { Given } from './given.ts';

const HTTP = ['http:', 'https:'];
const WEB_SOCKET = ['ws:', 'wss:'];
const GRPC = ['grpc:', 'grpcs:'];
const SECURE = ['https:', 'wss:', 'grpcs:'];
/** An address as gRPC has it: a host and a port. */
const BARE = /^(?:\[[0-9a-f:.]+\]|[A-Za-z0-9.-]+):\d+$/i;
/** A path as it is sent: percent-encoded, but for the braces of placeholders. */
export const PATH = /^\/[!-~]*$/;
export const EXAMPLE_ADDRESS = 'an http:// address, such as http://127.0.0.1:9000';

/** True where the scheme says TLS. */
export function isSecure(url: URL | null): boolean {
  return url !== null && SECURE.includes(url.protocol);
}

/** Where clients subscribe. @param isProtected files or names for TLS were given: a bare address is meant so */
export function readTargetUrl(
  one: Given,
  protocol: unknown,
  isProtected: boolean,
  faults: Fault[],
): URL | null {
  const text = String(one.value);
  const scheme = isProtected ? 'grpcs' : 'grpc';
  const url = protocol === 'grpc' && BARE.test(text) ? `${scheme}://${text}` : text;
  // What a driver of the user's own connects to, its module knows.
  if (protocol === 'custom') return readUrl(one, null, faults);
  return readUrl({ key: one.key, value: url }, [...HTTP, ...WEB_SOCKET, ...GRPC], faults);
}

/** Where a server that is started will be: it gets a port for each run. */
export function launchedUrl(protocol: unknown, isProtected: boolean): string {
  const scheme = protocol === 'ws' || protocol === 'grpc' ? protocol : 'http';
  const secure = scheme === 'http' ? 'https' : `${scheme}s`;
  return `${isProtected ? secure : scheme}://127.0.0.1:0`;
}

/**
 * Where messages are posted: an address, or a path of the server's own.
 * @param base of the server; null: its address has faults
 * @returns the address as it was given, braces of placeholders included; null where a path has no server to be of
 */
export function readPublishUrl(one: Given, base: URL | null, faults: Fault[]): string | null {
  const text = String(one.value);
  if (!text.startsWith('/')) {
    readUrl(one, HTTP, faults, `${EXAMPLE_ADDRESS}; or a path, such as /publish`);
    return text;
  }
  if (!PATH.test(text)) faults.push({ ...one, expected: 'a path from /, percent-encoded, such as /publish' });
  return base === null ? null : `${isSecure(base) ? 'https' : 'http'}://${base.host}${text}`;
}

/** What the scheme says is spoken; null: any protocol may be behind it. */
export function protocolOf(url: URL | null): TargetSettings['protocol'] | null {
  if (url === null) return null;
  if (WEB_SOCKET.includes(url.protocol)) return 'ws';
  return GRPC.includes(url.protocol) ? 'grpc' : null;
}

/** The address alone, without path and query; `origin` knows no grpc. */
export function baseOf(url: URL | null): string {
  return url === null ? '' : `${url.protocol}//${url.host}`;
}

function readUrl(
  one: Given,
  schemes: readonly string[] | null,
  faults: Fault[],
  wanted = EXAMPLE_ADDRESS,
): URL | null {
  const text = String(one.value);
  const url = URL.parse(text);
  if (url === null || url.hostname === '' || schemes?.includes(url.protocol) === false) {
    const isForGrpc = schemes?.includes('grpc:') && BARE.test(text);
    const expected = isForGrpc ? `${EXAMPLE_ADDRESS}; a host and a port alone with --protocol grpc` : wanted;
    faults.push({ ...one, expected });
    return null;
  }
  if (url.username !== '' || url.password !== '') {
    const expected = "no user and password in the address; use --header 'authorization: …'";
    faults.push({ key: one.key, value: undefined, expected });
  }
  return url;
}
