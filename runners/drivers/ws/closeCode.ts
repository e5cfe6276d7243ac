import { isUtf8 } from 'node:buffer';
import type { CloseDetail } from '../../../contract/loadDriver.ts';

/** Status codes of a closing handshake (RFC 6455, section 7.4.1). */
export const CLOSE_CODE = {
  normal: 1000,
  protocolError: 1002,
  invalidPayload: 1007,
  tooBig: 1009,
} as const;

/** The server says that the client did wrong: doing the same again cannot help. 1008 is also how servers refuse a client. */
const CLIENT_FAULTS: readonly number[] = [1002, 1003, 1007, 1008, 1009, 1010];

/** The server ended the TCP connection without a close frame: code 1006 of the standard, which never goes over the wire. */
export const CLOSED_WITHOUT_FRAME: CloseDetail = {
  reason: 'closed-by-server',
  detail: 'closed by the server without a close frame',
  retryable: true,
};

/** What a close frame of the server means; `code` is null where it carried none. */
export function closeDetail(code: number | null, reason: string): CloseDetail {
  const detail = code === null ? 'close without a code' : `close ${code}`;
  return {
    reason: 'closed-by-server',
    detail: reason === '' ? detail : `${detail} ${reason}`,
    retryable: code === null || !CLIENT_FAULTS.includes(code),
  };
}

/** True for codes that may stand in a close frame (RFC 6455, section 7.4; IANA's registry up to 1014). */
function isSendable(code: number): boolean {
  if (code >= 3000 && code <= 4999) return true;
  return code >= 1000 && code <= 1014 && code !== 1004 && code !== 1005 && code !== 1006;
}

export interface CloseFrame {
  /** null: the frame was empty. */
  readonly code: number | null;
  readonly reason: string;
}

/** Reads the payload of a close frame; a number is the code to refuse it with. */
export function readClose(bytes: Uint8Array, start: number, end: number): CloseFrame | number {
  if (start === end) return { code: null, reason: '' };
  if (end - start === 1) return CLOSE_CODE.protocolError;
  const code = bytes[start] * 256 + bytes[start + 1];
  if (!isSendable(code)) return CLOSE_CODE.protocolError;
  const reason = bytes.subarray(start + 2, end);
  if (!isUtf8(reason)) return CLOSE_CODE.invalidPayload;
  return { code, reason: Buffer.from(reason).toString() };
}
