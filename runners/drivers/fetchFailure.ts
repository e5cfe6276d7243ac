import type { CloseDetail } from '../../contract/loadDriver.ts';
import { CLOSED_BY_SERVER, codeOf, protocolDetail, socketErrorDetail } from './closeReason.ts';

/** What a rejected `fetch` means. The reason stands in `cause`: fetch itself says no more than "fetch failed". */
export function fetchErrorDetail(thrown: unknown): CloseDetail {
  const error = thrown instanceof Error ? thrown : new Error(String(thrown));
  const cause = error.cause instanceof Error ? error.cause : error;
  const code = codeOf(cause);
  if (cause.name === 'HTTPParserError' || code === 'UND_ERR_HEADERS_OVERFLOW')
    return protocolDetail(cause.message);
  // undici's word for a FIN before the end of the head.
  if (code === 'UND_ERR_SOCKET') return CLOSED_BY_SERVER;
  return socketErrorDetail(cause);
}

/**
 * What the text of an EventSource error means, after the stream had opened. The package flattens the error into text and
 * drops it, so the text is all there is: a system call's code, undici's "other side closed", or the HTTP parser's complaint.
 * undici takes the reset of a body that only its close delimits for the end of it: there is no text, and it reads as closed.
 */
export function streamErrorDetail(message: unknown): CloseDetail {
  if (typeof message !== 'string' || message.includes('other side closed')) return CLOSED_BY_SERVER;
  const code = /\bE[A-Z]{3,}\b/.exec(message)?.[0];
  if (code !== undefined) return socketErrorDetail(Object.assign(new Error(message), { code }));
  if (/chunk|invalid|expected|parse/i.test(message)) return protocolDetail(message);
  return { reason: 'other', detail: message, retryable: true };
}
