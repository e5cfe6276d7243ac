import { createHash, randomBytes } from 'node:crypto';
import type { ResponseHead } from '../httpHead.ts';

/** RFC 6455, section 1.3. */
const GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';

/** The opening handshake of a client (RFC 6455, section 4.1). One key for all connections of a process: no state for each. */
export class Upgrade {
  readonly #key = randomBytes(16).toString('base64');
  readonly #accept = createHash('sha1')
    .update(this.#key + GUID)
    .digest('base64');

  /** Headers of the request, names in lower case. */
  headers(lastId: string | null): Record<string, string> {
    const headers = {
      connection: 'Upgrade',
      upgrade: 'websocket',
      'sec-websocket-version': '13',
      'sec-websocket-key': this.#key,
    };
    return lastId === null ? headers : { ...headers, 'last-event-id': lastId };
  }

  /** What is wrong with an answer of status 101; null: it is the right one. */
  fault({ fields }: ResponseHead, asked: Readonly<Record<string, string>>): string | null {
    if (fields.get('upgrade')?.toLowerCase() !== 'websocket') return 'HTTP 101 without Upgrade: websocket';
    if (!/(?:^|,)\s*upgrade\s*(?:,|$)/i.test(fields.get('connection') ?? ''))
      return 'HTTP 101 without Connection: Upgrade';
    if (fields.get('sec-websocket-accept') !== this.#accept)
      return 'HTTP 101 with a Sec-WebSocket-Accept that does not fit the key';
    if (fields.has('sec-websocket-extensions')) return 'HTTP 101 with an extension that was not asked for';
    const protocol = fields.get('sec-websocket-protocol');
    if (protocol !== undefined && !subprotocols(asked).includes(protocol))
      return `HTTP 101 with the subprotocol ${protocol}, which was not asked for`;
    return null;
  }
}

/** Subprotocols that the user's own headers ask for. */
export function subprotocols(headers: Readonly<Record<string, string>>): string[] {
  const asked = Object.entries(headers).find(([name]) => name.toLowerCase() === 'sec-websocket-protocol');
  return asked === undefined ? [] : asked[1].split(',').map((name) => name.trim());
}
