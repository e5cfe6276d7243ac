import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer as createPlainServer, type Server } from 'node:net';
import { before, describe, it } from 'node:test';
import { createServer as createTlsServer } from 'node:tls';
import type { TargetSettings } from '../contract/config.ts';
import { BenchError } from '../contract/errors.ts';
import { PLAIN_TARGET } from '../test/plainTarget.ts';
import { AUTHORITY_PEM, CLIENT, issue, issueStrange, STRANGERS_PEM } from '../test/testSecurity.ts';
import { checkTarget } from './checkTarget.ts';
import { initHistograms } from './recorders/histograms.ts';

const TARGET: TargetSettings = { ...PLAIN_TARGET, path: '/there', security: CLIENT };
const STREAM = 'HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n\r\n';

type TlsOptions = Parameters<typeof createTlsServer>[0];

/** A server that streams to whoever gets that far. */
async function streaming(options: TlsOptions = {}, leaf: Parameters<typeof issue>[0] = {}): Promise<Server> {
  const { certificate, privateKey } = await issue(leaf);
  const keyed = { cert: certificate, key: privateKey, minVersion: 'TLSv1.3', ...options } as const;
  return createTlsServer(keyed, (socket) => {
    socket.on('error', () => {});
    socket.once('data', () => socket.write(STREAM));
  });
}

async function strange(): Promise<Server> {
  const { certificate, privateKey } = await issueStrange();
  return streaming({ cert: certificate, key: privateKey });
}

async function plain(): Promise<Server> {
  return createPlainServer((socket) => {
    socket.on('error', () => {}).once('data', () => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
  });
}

/** What a check says; null: it has nothing against the server. */
async function saysOf(
  server: Server,
  given: Partial<TargetSettings>,
  scheme: string,
): Promise<BenchError | null> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = address !== null && typeof address === 'object' ? address.port : 0;
  try {
    const target = { ...TARGET, ...given, url: `${scheme}://127.0.0.1:${port}` };
    await checkTarget(target, 1, new AbortController().signal, 1_000);
    return null;
  } catch (error) {
    assert.ok(error instanceof BenchError);
    return error;
  } finally {
    server.close();
  }
}

const mutual = () => streaming({ requestCert: true, ca: AUTHORITY_PEM });
const HTTPS = 'https';

const ROWS: readonly (readonly [
  what: string,
  server: () => Promise<Server>,
  given: Partial<TargetSettings>,
  scheme: string,
  says: RegExp,
  hint: RegExp,
])[] = [
  [
    'is signed by nobody known',
    strange,
    {},
    HTTPS,
    /: TLS: unable to verify/,
    /--tls-ca FILE.*curl -N --cacert/,
  ],
  [
    'is not signed by an authority of the system',
    streaming,
    { security: { ...CLIENT, ca: null } },
    HTTPS,
    /: TLS: unable to verify/,
    /--tls-ca FILE/,
  ],
  [
    'is signed by another authority than the one named',
    streaming,
    { security: { ...CLIENT, ca: STRANGERS_PEM } },
    HTTPS,
    /: TLS: unable to verify/,
    /--tls-ca/,
  ],
  [
    'has an expired certificate',
    () => streaming({}, { notAfterMs: Date.now() - 10_000 }),
    {},
    HTTPS,
    /: TLS: certificate has expired$/,
    /out of date/,
  ],
  [
    'is certified for another name',
    () => streaming({}, { hosts: ['example.org'] }),
    {},
    HTTPS,
    /: TLS: Hostname\/IP does not match/,
    /--tls-server-name/,
  ],
  [
    'knows no TLS 1.3',
    () => streaming({ minVersion: 'TLSv1.2', maxVersion: 'TLSv1.2' }),
    {},
    HTTPS,
    /: TLS alert protocol version$/,
    /TLS 1\.3/,
  ],
  [
    'wants a certificate of its clients',
    mutual,
    {},
    HTTPS,
    /: (TLS alert certificate required|ECONNRESET|closed by the server)$/,
    /--tls-cert FILE --tls-key FILE/,
  ],
  ['speaks no TLS', plain, {}, HTTPS, /: TLS: wrong version number$/, /in the clear\?/],
  [
    'speaks no TLS for WebSockets',
    plain,
    { protocol: 'ws' },
    'wss',
    /: TLS: wrong/,
    /in the clear\?.*'https:/,
  ],
  [
    'speaks TLS where nobody asked for it',
    streaming,
    { security: null },
    'http',
    /: (closed by the server|damaged response head|ECONNRESET)$/,
    /the address begins with https:\/\//,
  ],
];

describe('check of a target over TLS', () => {
  before(initHistograms);

  for (const [what, server, given, scheme, says, hint] of ROWS) {
    it(`names a server that ${what}`, async () => {
      const error = await saysOf(await server(), given, scheme);
      assert.match(error?.message ?? '', says);
      assert.match(error?.hint ?? '', hint);
      assert.equal(error?.exitCode, 6);
    });
  }

  it('has nothing against a server that takes the certificate of its client', async () => {
    const { certificate, privateKey } = await issue({ hosts: [] });
    const security = { ...CLIENT, certificate, privateKey };
    assert.equal(await saysOf(await mutual(), { security }, HTTPS), null);
  });
});
