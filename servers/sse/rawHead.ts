import { parseSubscription, type Subscription } from '../node/subscription.ts';
import { type Credentials, SPIFFE_HEADER } from '../security/gate.ts';
import { EVENTS_PATH } from './eventStreams.ts';

export interface RawStreamRequest {
  readonly asked: Subscription;
  readonly origin: string | undefined;
  readonly credentials: Credentials;
}

const REQUEST_LINE = /^GET (\/events(?:\?[!-~]*)?) HTTP\/1\.1$/;
/** RFC 9110, section 5: a token, a colon, and visible characters or blanks. */
const HEADER_LINE = /^([!#$%&'*+\-.^_`|~0-9A-Za-z]+):([\t -~\x80-\xff]*)$/;
/** A request with one of these is more than "GET an event stream". */
const NOT_FOR_US = new Set(['content-length', 'transfer-encoding', 'expect', 'upgrade']);
const HEAD_START = Buffer.from(`GET ${EVENTS_PATH}`);
const HEAD_END = Buffer.from('\r\n\r\n');

/**
 * Reads a request head that is plainly a request for an event stream and nothing else. Everything else, damaged
 * heads too, gives null: Node's own HTTP parser then judges it.
 */
export function parseRawHead(bytes: Buffer, maxHeaderBytes: number): RawStreamRequest | null {
  if (bytes.length > maxHeaderBytes || bytes.indexOf(HEAD_START) !== 0) return null;
  if (bytes.indexOf(HEAD_END) !== bytes.length - HEAD_END.length) return null;
  const lines = bytes.toString('latin1', 0, bytes.length - HEAD_END.length).split('\r\n');
  const target = REQUEST_LINE.exec(lines[0])?.[1];
  const headers = target === undefined ? null : parseHeaders(lines);
  if (target === undefined || headers === null || !headers.has('host')) return null;
  const asked = parseSubscription(target, headers.get('last-event-id'));
  if (asked.state === 'invalid') return null;
  const credentials = {
    authorization: headers.get('authorization'),
    [SPIFFE_HEADER]: headers.get(SPIFFE_HEADER),
  };
  return { asked, origin: headers.get('origin'), credentials };
}

/** By lower-case name; null where a line is damaged, comes twice, or asks for more than we do. */
function parseHeaders(lines: readonly string[]): Map<string, string> | null {
  const headers = new Map<string, string>();
  for (let i = 1; i < lines.length; i++) {
    const match = HEADER_LINE.exec(lines[i]);
    const name = match?.[1].toLowerCase();
    if (match === null || name === undefined || headers.has(name) || NOT_FOR_US.has(name)) return null;
    headers.set(name, match[2].trim());
  }
  return headers;
}
