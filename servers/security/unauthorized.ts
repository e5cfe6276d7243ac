import type { Admission } from './gate.ts';

/** What a refused client is told, whatever HTTP server owns its connection. */
export interface Unauthorized {
  readonly status: 401 | 503;
  /** With its words, as a status line has it. */
  readonly statusLine: string;
  readonly text: string;
  /** Flat name, value list. */
  readonly headers: readonly string[];
}

/** The challenge of RFC 6750, section 3; the reason is one of a few fixed words, so it says nothing of a token. */
export function unauthorized({ reason, status }: Extract<Admission, { state: 'refused' }>): Unauthorized {
  if (status === 503) {
    const text = 'the keys that tokens are verified with cannot be had';
    return { status, statusLine: '503 Service Unavailable', text, headers: ['Retry-After', '1'] };
  }
  const error = reason === 'noToken' ? '' : `, error="invalid_token", error_description="${reason}"`;
  return {
    status,
    statusLine: '401 Unauthorized',
    text: `not authenticated: ${reason}`,
    headers: ['WWW-Authenticate', `Bearer realm="pushbench"${error}`],
  };
}
