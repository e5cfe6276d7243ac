import type { IncomingMessage } from 'node:http';
import { parseSubscription, type Subscription } from '../node/subscription.ts';

/** An answer that is no 101. */
export interface Refusal {
  readonly state: 'refused';
  readonly status: string;
  readonly text: string;
  /** Flat name, value list. */
  readonly headers: readonly string[];
}

export type UpgradeRequest = ({ readonly state: 'valid' } & Subscription) | Refusal;

/** What is offered where a request asks for something else (RFC 9110, section 15.5.22; RFC 6455, section 4.4). */
export const UPGRADE_HEADERS = ['Upgrade', 'websocket', 'Sec-WebSocket-Version', '13'];
/** 16 bytes in base64 (RFC 6455, section 4.1). */
const KEY = /^[A-Za-z0-9+/]{22}==$/;

function refused(status: string, text: string, headers: readonly string[] = []): Refusal {
  return { state: 'refused', status, text, headers };
}

/** Judges an opening handshake as far as its head goes (RFC 6455, section 4.2.1), and says what it subscribes to. */
export function parseUpgradeRequest(
  request: IncomingMessage,
  allowedOrigins: ReadonlySet<string>,
): UpgradeRequest {
  const { method, headers, httpVersion } = request;
  if (method !== 'GET') return refused('405 Method Not Allowed', 'use GET', ['Allow', 'GET']);
  if (httpVersion !== '1.1') return refused('400 Bad Request', 'an upgrade needs HTTP/1.1');
  if (headers.upgrade?.toLowerCase() !== 'websocket') {
    return refused('426 Upgrade Required', 'this path speaks WebSocket', UPGRADE_HEADERS);
  }
  if (headers['sec-websocket-version'] !== '13') {
    return refused('426 Upgrade Required', 'use version 13 of the protocol', UPGRADE_HEADERS);
  }
  if (!KEY.test(headers['sec-websocket-key'] ?? '')) {
    return refused('400 Bad Request', 'Sec-WebSocket-Key is not 16 bytes in base64');
  }
  const { origin } = headers;
  if (origin !== undefined && !allowedOrigins.has(origin)) {
    return refused('403 Forbidden', `origin ${origin} may not subscribe here`);
  }
  const asked = parseSubscription(request.url ?? '', headers['last-event-id']?.toString());
  return asked.state === 'invalid' ? refused('400 Bad Request', asked.fault) : asked;
}
