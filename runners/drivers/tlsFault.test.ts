import assert from 'node:assert/strict';
import { test } from 'node:test';
import { socketErrorDetail } from './closeReason.ts';

const OPENSSL =
  '40A3:error:0A00045C:SSL routines:ssl3_read_bytes:tlsv13 alert certificate required:rec_layer_s3.c:918:';

/** Errors as Node 26 gives them. */
for (const [what, error, expected] of [
  [
    'an expired certificate',
    { code: 'CERT_HAS_EXPIRED', message: 'certificate has expired' },
    ['other', 'TLS: certificate has expired', false],
  ],
  [
    'an unknown authority',
    {
      code: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
      message:
        'unable to verify the first certificate; if the root CA is installed locally, try running Node.js',
    },
    ['other', 'TLS: unable to verify the first certificate', false],
  ],
  [
    'a certificate of another name',
    { code: 'ERR_TLS_CERT_ALTNAME_INVALID', message: 'Hostname/IP does not match' },
    ['other', 'TLS: Hostname/IP does not match', false],
  ],
  [
    'an alert',
    {
      code: 'ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED',
      message: OPENSSL,
      reason: 'tlsv13 alert certificate required',
    },
    ['other', 'TLS alert certificate required', false],
  ],
  [
    'an alert without a reason of its own',
    { code: 'EPROTO', message: OPENSSL },
    ['other', 'TLS alert certificate required', false],
  ],
  [
    'a server that does not speak TLS',
    { code: 'ERR_SSL_WRONG_VERSION_NUMBER', message: '…', reason: 'wrong version number' },
    ['bad-protocol', 'TLS: wrong version number', false],
  ],
  [
    'an end within the handshake',
    {
      code: 'ECONNRESET',
      message: 'Client network socket disconnected before secure TLS connection was established',
    },
    ['closed-by-server', 'closed by the server during the TLS handshake', true],
  ],
  ['a reset', { code: 'ECONNRESET', message: 'read ECONNRESET' }, ['reset', 'ECONNRESET', true]],
] as const) {
  test(`${what} is told by its own words`, () => {
    const { reason, detail, retryable } = socketErrorDetail(Object.assign(new Error(error.message), error));
    assert.deepEqual([reason, detail, retryable], expected);
  });
}
