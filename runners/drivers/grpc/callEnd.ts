import type { CloseDetail } from '../../../contract/loadDriver.ts';
import { CLOSED_BY_SERVER, protocolDetail, socketErrorDetail, statusDetail } from '../closeReason.ts';
import { statusEnd } from './grpcStatus.ts';

/** What the package itself says in place of a server's status; the text is all that it tells. */
const MADE_BY_PACKAGE: readonly [pattern: RegExp, end: (found: RegExpExecArray) => CloseDetail][] = [
  [
    /Last error: .*\b(E[A-Z]{3,})\b/,
    ([text, code]) => socketErrorDetail(Object.assign(new Error(text), { code })),
  ],
  [
    /^(?:read|write) (E[A-Z]{3,})$/,
    ([text, code]) => socketErrorDetail(Object.assign(new Error(text), { code })),
  ],
  [/^Received HTTP status code (\d{3})/, ([, status]) => statusDetail(Number(status), null)],
  [/Call ended without gRPC status|No status information/, ([text]) => protocolDetail(text)],
  [/^Received RST_STREAM with code/, ({ input }) => ({ reason: 'reset', detail: input, retryable: true })],
  [/^Connection dropped|^Last error: null/, () => CLOSED_BY_SERVER],
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
