import type { CloseDetail } from '../../../contract/loadDriver.ts';
import { CLOSED_BY_SERVER, codeOf, protocolDetail, socketErrorDetail } from '../closeReason.ts';
import type { H2Connection } from './h2Connection.ts';

/** Names of error codes by number (RFC 9113, section 7). */
const ERROR_CODES = [
  'NO_ERROR',
  'PROTOCOL_ERROR',
  'INTERNAL_ERROR',
  'FLOW_CONTROL_ERROR',
  'SETTINGS_TIMEOUT',
  'STREAM_CLOSED',
  'FRAME_SIZE_ERROR',
  'REFUSED_STREAM',
  'CANCEL',
  'COMPRESSION_ERROR',
  'CONNECT_ERROR',
  'ENHANCE_YOUR_CALM',
  'INADEQUATE_SECURITY',
  'HTTP_1_1_REQUIRED',
];

/** The server wants other TLS, or another protocol: asking again the same way cannot help. */
const FINAL = new Set([12, 13]);

/** The server said GOAWAY without an error, and then the connection ended. */
const GOING_AWAY: CloseDetail = { reason: 'going-away', detail: 'GOAWAY', retryable: true };

/** What Node says where it had no time to open the stream before its connection ended. */
const NEVER_OPENED = new Set([
  'ERR_HTTP2_STREAM_CANCEL',
  'ERR_HTTP2_GOAWAY_SESSION',
  'ERR_HTTP2_INVALID_SESSION',
  'ERR_SOCKET_CLOSED',
]);

/**
 * Why a stream ended that nobody ended from this side.
 * @returns null where the server ended it in order, the connection being as it was.
 */
export function streamEnd(
  connection: H2Connection,
  failure: Error | null,
  rstCode: number,
): CloseDetail | null {
  if (connection.failure !== null) return socketErrorDetail(connection.failure);
  if (connection.goawayCode > 0) return byCode('closed-by-server', 'GOAWAY', connection.goawayCode);
  if (connection.goawayCode === 0 && (failure !== null || connection.isOver)) return GOING_AWAY;
  const code = failure === null ? '' : codeOf(failure);
  if (connection.isOver || NEVER_OPENED.has(code)) return CLOSED_BY_SERVER;
  if (failure !== null && code !== 'ERR_HTTP2_STREAM_ERROR') return protocolDetail(failure.message);
  return rstCode === 0 ? null : byCode('reset', 'RST_STREAM', rstCode);
}

function byCode(reason: CloseDetail['reason'], frame: string, code: number): CloseDetail {
  return { reason, detail: `${frame} ${ERROR_CODES[code] ?? code}`, retryable: !FINAL.has(code) };
}
