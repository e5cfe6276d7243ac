import type { CloseDetail } from '../../../contract/loadDriver.ts';
import { CLOSED_BY_SERVER, protocolDetail, socketErrorDetail, statusDetail } from '../closeReason.ts';
import { statusEnd } from './grpcStatus.ts';

const systemError = (text: string, code: string): CloseDetail =>
  socketErrorDetail(Object.assign(new Error(text), { code }));

/** What the package itself says in place of a server's status: the text is all that it tells. The first that fits counts. */
const MADE_BY_PACKAGE: readonly [pattern: RegExp, end: (found: RegExpExecArray) => CloseDetail][] = [
  [/^Connection dropped|Last error: null/, () => CLOSED_BY_SERVER],
  [/Last error: .*\b(E[A-Z]{3,})\b/, ([text, code]) => systemError(text, code)],
  [/^(?:read|write) (E[A-Z]{3,})$/, ([text, code]) => systemError(text, code)],
  [/Last error: (?:Error: )?(.*(?:certificate|TLS|SSL).*)/, ([, text]) => tlsEnd(text)],
  [/Last error: (?:Error: )?(.*)/, ([, text]) => ({ reason: 'other', detail: text, retryable: true })],
  [/^Received HTTP status code (\d{3})/, ([, status]) => statusDetail(Number(status), null)],
  [/Call ended without gRPC status|No status information/, ([text]) => protocolDetail(text)],
  [/^Received RST_STREAM with code/, ({ input }) => ({ reason: 'reset', detail: input, retryable: true })],
  [/^Received message larger than|^Error parsing response|decompress/i, ({ input }) => protocolDetail(input)],
];

/** Why a call of grpc-js is over. */
export function callEnd(code: number, details: string, wasLive: boolean): CloseDetail {
  for (const [pattern, end] of MADE_BY_PACKAGE) {
    const found = pattern.exec(details);
    if (found !== null) return end(found);
  }
  return statusEnd(code, details, wasLive);
}

/** A certificate stays what it is; Node's advice and the package's note on name resolution are left out. */
function tlsEnd(text: string): CloseDetail {
  const fault = text.split(/; |\. Resolution note/)[0].trim();
  return { reason: 'other', detail: `TLS: ${fault}`, retryable: false };
}
