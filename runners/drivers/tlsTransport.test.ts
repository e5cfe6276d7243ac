import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect as connectTcp, createServer, type Server, type Socket } from 'node:net';
import { describe, it } from 'node:test';
import { type ConnectionOptions, connect, createServer as createTlsServer } from 'node:tls';
import type { ClientSecurity } from '../../contract/security.ts';
import { AUTHORITY_PEM, CLIENT, issue, issueStrange, STRANGERS_PEM } from '../../test/testSecurity.ts';
import { socketErrorDetail } from './closeReason.ts';
import { TlsTransport } from './tlsTransport.ts';
import type { TransportHandler } from './transport.ts';

async function portOf(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return address !== null && typeof address === 'object' ? address.port : 0;
}

/** What stands in the way of a connection, in the driver's words. */
async function endOf(server: Server, security: ClientSecurity): Promise<string> {
  const port = await portOf(server);
  const ended = Promise.withResolvers<Error | null>();
  const transport: TlsTransport = new TlsTransport(
    1,
    {
      connected: (slot) => transport.write(slot, 'hello'),
      onBytes: (slot) => transport.destroy(slot),
      ended: (_slot, error) => ended.resolve(error),
    },
    security,
  );
  transport.connect(0, '127.0.0.1', port);
  const error = await ended.promise;
  await transport.destroyAll();
  server.close();
  return error === null ? 'no error' : socketErrorDetail(error).detail;
}

/** A server that answers `ok`, protected as told. */
function answering(options: Parameters<typeof createTlsServer>[0]): Server {
  return createTlsServer({ minVersion: 'TLSv1.3', ...options }, (socket) => {
    socket.on('error', () => {});
    socket.on('data', () => socket.end('ok'));
  });
}

async function keyed(leaf: Parameters<typeof issue>[0] = {}): Promise<{ cert: string; key: string }> {
  const { certificate, privateKey } = await issue(leaf);
  return { cert: certificate, key: privateKey };
}

/** Between two sockets: how many bytes went either way. */
function countingRelay(port: number): { readonly server: Server; up: number; down: number } {
  const relay = {
    up: 0,
    down: 0,
    server: createServer((near: Socket) => {
      const far = connectTcp(port, '127.0.0.1');
      near.on('data', (bytes: Buffer) => {
        relay.up += bytes.length;
        far.write(bytes);
      });
      far.on('data', (bytes: Buffer) => {
        relay.down += bytes.length;
        near.write(bytes);
      });
      for (const [one, other] of [
        [near, far],
        [far, near],
      ]) {
        one.on('error', () => {});
        one.on('close', () => other.destroy());
      }
    }),
  };
  return relay;
}

describe('TLS transport', () => {
  it('may take `onread` of a TLS socket to be called with the socket as `this`, once for each record', async () => {
    const server = createTlsServer(await keyed(), (socket) => {
      socket.on('error', () => {});
      socket.write('x'.repeat(40_000));
    });
    const port = await portOf(server);
    const lengths: number[] = [];
    const receivers = new Set<unknown>();
    const all = Promise.withResolvers<void>();
    const onread = {
      buffer: Buffer.alloc(65_536),
      callback(this: unknown, length: number) {
        receivers.add(this);
        lengths.push(length);
        if (lengths.reduce((sum, each) => sum + each, 0) === 40_000) all.resolve();
        return true;
      },
    };
    const options: ConnectionOptions & { onread: typeof onread } = {
      host: '127.0.0.1',
      port,
      ca: AUTHORITY_PEM,
      onread,
    };
    const socket = connect(options);
    await all.promise;
    socket.destroy();
    server.close();
    assert.deepEqual([...receivers], [socket]);
    assert.deepEqual(lengths, [16_384, 16_384, 7_232]);
  });

  it('counts the bytes of the wire, and knows what the handshake agreed on', async () => {
    const server = createTlsServer({ ...(await keyed()), minVersion: 'TLSv1.3' }, (socket) => {
      socket.on('error', () => {});
      let bytes = 0;
      // Every other record of another size.
      socket.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
        if (bytes === 5) socket.write('ready');
        if (bytes === 20_005) for (const length of [1, 100, 16_384, 16_385]) socket.write('x'.repeat(length));
      });
    });
    const relay = countingRelay(await portOf(server));
    const port = await portOf(relay.server);
    const all = Promise.withResolvers<void>();
    const after = { up: 0, down: 0, read: 0, written: 0 };
    let plain = 0;
    const transport: TlsTransport = new TlsTransport(
      1,
      {
        connected: (slot) => transport.write(slot, 'hello'),
        onBytes: (slot, _buffer, length) => {
          plain += length;
          if (plain === 5) {
            Object.assign(after, { up: relay.up, down: relay.down });
            Object.assign(after, { read: transport.bytesRead, written: transport.bytesWritten });
            transport.write(slot, 'y'.repeat(20_000));
          } else if (plain === 5 + 1 + 100 + 16_384 + 16_385) all.resolve();
        },
        ended: () => {},
      },
      CLIENT,
    );
    transport.connect(0, '127.0.0.1', port);
    await all.promise;
    const counted = [transport.bytesWritten - after.written, transport.bytesRead - after.read];
    const seen = [relay.up - after.up, relay.down - after.down];
    await transport.destroyAll();
    relay.server.close();
    server.close();
    assert.deepEqual(counted, seen);
    assert.deepEqual(transport.tls, { version: 'TLSv1.3', cipher: 'TLS_AES_256_GCM_SHA384' });
  });

  it('makes a full handshake for every connection', async () => {
    const server = answering(await keyed());
    const resumed: boolean[] = [];
    server.on('secureConnection', (socket) => resumed.push(socket.isSessionReused()));
    const port = await portOf(server);
    const ends = Promise.withResolvers<void>();
    let left = 3;
    const handler: TransportHandler = {
      connected: (slot) => transport.write(slot, 'hello'),
      onBytes: () => {},
      ended: (slot) => {
        if (--left === 0) ends.resolve();
        else transport.connect(slot, '127.0.0.1', port);
      },
    };
    const transport: TlsTransport = new TlsTransport(1, handler, CLIENT);
    transport.connect(0, '127.0.0.1', port);
    await ends.promise;
    await transport.destroyAll();
    server.close();
    assert.deepEqual(resumed, [false, false, false]);
  });

  const svid = (domain: string): ClientSecurity => ({ ...CLIENT, trustDomain: domain });
  const rows: readonly [
    what: string,
    server: () => Promise<Server>,
    security: ClientSecurity,
    expected: RegExp,
  ][] = [
    ['takes a server that it can verify', async () => answering(await keyed()), CLIENT, /^no error$/],
    [
      'refuses an expired certificate',
      async () => answering(await keyed({ notAfterMs: Date.now() - 10_000 })),
      CLIENT,
      /^TLS: certificate has expired$/,
    ],
    [
      'refuses an authority that it does not know',
      async () => {
        const { certificate, privateKey } = await issueStrange();
        return answering({ cert: certificate, key: privateKey });
      },
      CLIENT,
      /^TLS: unable to verify the first certificate$/,
    ],
    [
      'refuses a certificate for another host',
      async () => answering(await keyed({ hosts: ['example.org'] })),
      CLIENT,
      /^TLS: Hostname\/IP does not match/,
    ],
    [
      'takes a certificate for the name that it is told',
      async () => answering(await keyed({ hosts: ['example.org'] })),
      { ...CLIENT, serverName: 'example.org' },
      /^no error$/,
    ],
    [
      'refuses a server that knows no TLS 1.3',
      async () => answering({ ...(await keyed()), minVersion: 'TLSv1.2', maxVersion: 'TLSv1.2' }),
      CLIENT,
      /^TLS alert protocol version$/,
    ],
    [
      'hears, once connected, that its certificate is missing',
      async () => answering({ ...(await keyed()), requestCert: true, ca: AUTHORITY_PEM }),
      CLIENT,
      /^TLS alert certificate required$|^ECONNRESET$/,
    ],
    [
      'refuses a server that speaks no TLS',
      async () =>
        createServer((socket) => socket.on('error', () => {}).end('HTTP/1.1 400 Bad Request\r\n\r\n')),
      CLIENT,
      /^TLS: wrong version number$/,
    ],
    [
      'says where a server hangs up during the handshake',
      async () => createServer((socket) => socket.on('error', () => {}).end()),
      CLIENT,
      /^closed by the server during the TLS handshake$/,
    ],
    [
      'takes a SPIFFE id in place of the host name',
      async () => answering(await keyed({ hosts: [] })),
      svid('pushbench.test'),
      /^no error$/,
    ],
    [
      'refuses a SPIFFE id of another trust domain',
      async () => answering(await keyed()),
      svid('elsewhere.test'),
      /^TLS: .* is of another trust domain/,
    ],
    [
      'refuses a server with two URI names',
      async () =>
        answering(await keyed({ uris: ['spiffe://pushbench.test/a', 'spiffe://pushbench.test/b'] })),
      svid('pushbench.test'),
      /^TLS: .* several URI names/,
    ],
    [
      'refuses a server without a URI name in a trust domain',
      async () => answering(await keyed({ uris: [] })),
      svid('pushbench.test'),
      /^TLS: .* no SPIFFE id/,
    ],
    [
      'refuses a server whose host name imitates a SPIFFE id',
      async () => answering(await keyed({ uris: [], hosts: ['x, URI:spiffe://pushbench.test/a'] })),
      svid('pushbench.test'),
      /^TLS: .* no SPIFFE id/,
    ],
    [
      'refuses a server whose certificate is that of an authority',
      async () => answering(await keyed({ isAuthority: true })),
      svid('pushbench.test'),
      /^TLS: .* that of an authority/,
    ],
    [
      'refuses a certificate where its own authorities are others',
      async () => answering(await keyed()),
      { ...CLIENT, ca: STRANGERS_PEM },
      /^TLS: unable to verify/,
    ],
  ];
  for (const [what, server, security, expected] of rows) {
    it(what, async () => assert.match(await endOf(await server(), security), expected));
  }
});
