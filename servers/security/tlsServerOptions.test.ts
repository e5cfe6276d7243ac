import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect as connectPlain } from 'node:net';
import { type TestContext, test } from 'node:test';
import { type ConnectionOptions, connect, createServer, type TLSSocket } from 'node:tls';
import { createTestAuthority, validClient } from '../../test/securityAuthority.ts';
import { PendingHandshakes } from './pendingHandshakes.ts';
import { Refusals } from './refusals.ts';
import { tlsServerOptions } from './tlsServerOptions.ts';

async function serve(t: TestContext) {
  const authority = await createTestAuthority(t);
  const server = createServer(tlsServerOptions(authority.server, 5_000), (socket) => {
    socket.on('error', () => {});
    socket.write('x');
  });
  const refusals = new Refusals();
  const secured: number[] = [];
  const pending = new PendingHandshakes({
    server,
    timeoutMs: 5_000,
    refusals,
    secured: (_, acceptedMs) => secured.push(acceptedMs),
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    pending.destroyAll();
    server.close();
  });
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('no address');
  const { port } = address;
  const { certificate, privateKey } = await validClient(authority);
  const options: ConnectionOptions = {
    port,
    host: '127.0.0.1',
    servername: 'localhost',
    ca: authority.ca.certificate,
    cert: certificate,
    key: privateKey,
  };
  return { server, pending, refusals, secured, port, options };
}

/** Connects, and waits for the first byte: by then the tickets of TLS 1.3 have come. */
async function connected(t: TestContext, options: ConnectionOptions) {
  const socket: TLSSocket = connect(options);
  t.after(() => socket.destroy());
  let session: Buffer | undefined;
  socket.on('session', (given) => {
    session = given;
  });
  await once(socket, 'data');
  return { socket, session: session ?? socket.getSession() };
}

test('speaks TLS 1.3, and resumes no session: each handshake is checked as the first', async (t) => {
  const { options } = await serve(t);
  const first = await connected(t, options);
  assert.equal(first.socket.getProtocol(), 'TLSv1.3');
  assert.ok(first.session);
  const second = await connected(t, { ...options, session: first.session });
  assert.equal(second.socket.isSessionReused(), false);
});

test('a handshake is timed from the accepted connection', async (t) => {
  const { options, secured, refusals } = await serve(t);
  await connected(t, options);
  assert.equal(secured.length, 1);
  assert.deepEqual(refusals.counts(), {});
});

test('what never becomes TLS is no want of identity, and does not outlive the server', async (t) => {
  const { server, pending, refusals, port } = await serve(t);
  const junk = connectPlain(port, '127.0.0.1');
  junk.on('error', () => {});
  junk.end('GET / HTTP/1.1\r\n\r\n');
  await new Promise((resolve) => junk.once('close', resolve).resume());
  const silent = connectPlain(port, '127.0.0.1');
  silent.on('error', () => {});
  await once(server, 'connection');
  pending.destroyAll();
  await new Promise((resolve) => silent.once('close', resolve).resume());
  assert.deepEqual(refusals.counts(), {});
});
