import type { IncomingHttpHeaders } from 'node:http2';
import type { CloseDetail, CloseReason } from '../../../contract/loadDriver.ts';
import { protocolDetail } from '../closeReason.ts';

/** Characters of a server's text that are shown. */
const SHOWN_CHARACTERS = 200;

/** Names by number (https://grpc.github.io/grpc/core/md_doc_statuscodes.html). */
const STATUS_NAMES = [
  'OK',
  'CANCELLED',
  'UNKNOWN',
  'INVALID_ARGUMENT',
  'DEADLINE_EXCEEDED',
  'NOT_FOUND',
  'ALREADY_EXISTS',
  'PERMISSION_DENIED',
  'RESOURCE_EXHAUSTED',
  'FAILED_PRECONDITION',
  'ABORTED',
  'OUT_OF_RANGE',
  'UNIMPLEMENTED',
  'INTERNAL',
  'UNAVAILABLE',
  'DATA_LOSS',
  'UNAUTHENTICATED',
];

const UNAVAILABLE = 14;

/** The same request gets the same answer: INVALID_ARGUMENT, NOT_FOUND, ALREADY_EXISTS, PERMISSION_DENIED, FAILED_PRECONDITION, OUT_OF_RANGE, UNIMPLEMENTED, UNAUTHENTICATED. */
const FINAL = new Set([3, 5, 6, 7, 9, 11, 12, 16]);

/**
 * What the status of a call means for the fleet. A call that never answered was refused; a live one was ended.
 * @param message `grpc-message` as it is shown to the user, decoded
 */
export function statusEnd(code: number, message: string, wasLive: boolean): CloseDetail {
  const name = STATUS_NAMES[code] ?? `status ${code}`;
  const shown = message.slice(0, SHOWN_CHARACTERS);
  return {
    reason: reasonOf(code, wasLive),
    detail: shown === '' ? `gRPC ${name}` : `gRPC ${name}: ${shown}`,
    retryable: !FINAL.has(code),
  };
}

function reasonOf(code: number, wasLive: boolean): CloseReason {
  if (code === UNAVAILABLE) return 'going-away';
  return wasLive ? 'closed-by-server' : 'bad-status';
}

/** What the fields say that a call ends with: trailers, or the head of an answer that has nothing else. */
export function trailersEnd(fields: IncomingHttpHeaders, wasLive: boolean): CloseDetail {
  const status = fields['grpc-status'];
  if (typeof status !== 'string' || !/^\d{1,3}$/.test(status)) {
    return protocolDetail(status === undefined ? MISSING_STATUS : `grpc-status ${status} is no number`);
  }
  return statusEnd(Number(status), messageOf(fields['grpc-message']), wasLive);
}

export const MISSING_STATUS = 'the stream ended without a grpc-status';

/** Percent-decoded; left as it is where it is damaged, as the specification asks. */
function messageOf(encoded: string | string[] | undefined): string {
  const text = Array.isArray(encoded) ? encoded.join(', ') : (encoded ?? '');
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
