import type { CloseDetail, CloseReason } from '../../contract/loadDriver.ts';
import { tlsFaultDetail } from './tlsFault.ts';

const REASONS: ReadonlyMap<string, CloseReason> = new Map([
  ['ECONNREFUSED', 'refused'],
  ['ECONNRESET', 'reset'],
  ['EPIPE', 'reset'],
  ['ETIMEDOUT', 'timeout'],
  ['EADDRNOTAVAIL', 'no-ports'],
  ['EMFILE', 'too-many-files'],
  ['ENFILE', 'too-many-files'],
]);

export const CLOSED_BY_CLIENT: CloseDetail = {
  reason: 'closed-by-client',
  detail: 'closed by the client',
  retryable: true,
};

export const CLOSED_BY_SERVER: CloseDetail = {
  reason: 'closed-by-server',
  detail: 'closed by the server',
  retryable: true,
};

/** Error code of a failed system call, e.g. `ECONNRESET`; empty where there is none. */
export function codeOf(error: Error): string {
  return 'code' in error && typeof error.code === 'string' ? error.code : '';
}

/** What an error of a socket, plain or under TLS, means for the fleet. A name that does not resolve stays unresolved: not retryable. */
export function socketErrorDetail(error: Error): CloseDetail {
  const code = codeOf(error);
  const fault = tlsFaultDetail(error, code);
  if (fault !== null) return fault;
  const reason = REASONS.get(code) ?? 'other';
  return { reason, detail: code === '' ? error.message : code, retryable: code !== 'ENOTFOUND' };
}

/** No answer's head within `connectTimeoutMs`. */
export function timeoutDetail(connectTimeoutMs: number): CloseDetail {
  return { reason: 'timeout', detail: `no response head within ${connectTimeoutMs} ms`, retryable: true };
}

/** Framing that cannot be trusted any more. */
export function protocolDetail(detail: string): CloseDetail {
  return { reason: 'bad-protocol', detail, retryable: true };
}

/**
 * An answer that is no stream. 408, 429 and 5xx pass with time; any other status says "no" (204: "stop asking",
 * https://html.spec.whatwg.org/multipage/server-sent-events.html#sse-processing-model). Redirects are not followed,
 * because the plan spreads connections over addresses that it knows.
 */
export function statusDetail(status: number, location: string | null): CloseDetail {
  const where = location === null ? '' : `, Location: ${location}`;
  const retryable = status >= 500 || status === 408 || status === 429;
  return { reason: 'bad-status', detail: `HTTP ${status}${where}`, retryable };
}

export function contentTypeDetail(contentType: string | null): CloseDetail {
  const seen = contentType === null ? 'no content type' : `content type ${contentType}`;
  return { reason: 'bad-content-type', detail: `${seen}, not text/event-stream`, retryable: false };
}
