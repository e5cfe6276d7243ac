import type { CloseDetail } from '../../contract/loadDriver.ts';

/** Codes of what OpenSSL finds wrong with a certificate (X509_V_ERR_*, as Node names them), and of Node's own checks. */
const CERTIFICATE_CODE =
  /^(?:CERT_|CRL_|ERROR_IN_|UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED_|PATH_LENGTH_|INVALID_|HOSTNAME_|ERR_TLS_)/;
/** Node's text where the connection ends before the handshake does; the code is that of a reset. */
const CUT_SHORT = /before secure TLS connection was established/;

/**
 * What an error of TLS means; null where it is none of TLS. A certificate stays what it is and a server keeps its rules, so
 * trying again does not help. With TLS 1.3 a server refuses a client's certificate after the client believes itself
 * connected: the alert ends a connection that had been open.
 */
export function tlsFaultDetail(error: Error, code: string): CloseDetail | null {
  if (CUT_SHORT.test(error.message)) {
    return {
      reason: 'closed-by-server',
      detail: 'closed by the server during the TLS handshake',
      retryable: true,
    };
  }
  if (CERTIFICATE_CODE.test(code)) return final('other', `TLS: ${firstClause(error.message)}`);
  if (!code.startsWith('ERR_SSL_') && code !== 'EPROTO') return null;
  const reason = reasonOf(error);
  const alert = /\balert (.+)$/.exec(reason)?.[1];
  if (alert !== undefined) return final('other', `TLS alert ${alert}`);
  return final('bad-protocol', `TLS: ${reason}`);
}

function final(reason: CloseDetail['reason'], detail: string): CloseDetail {
  return { reason, detail, retryable: false };
}

/** OpenSSL's own words, e.g. `tlsv13 alert certificate required`, out of a message with places in its source. */
function reasonOf(error: Error): string {
  if ('reason' in error && typeof error.reason === 'string') return error.reason;
  return /SSL routines:[^:]*:([^:]+)/.exec(error.message)?.[1] ?? error.message;
}

/** Node adds advice for its own command line. */
function firstClause(message: string): string {
  return message.split('; ')[0].trim();
}
