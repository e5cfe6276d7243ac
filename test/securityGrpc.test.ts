import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { createSecureContext } from 'node:tls';
import { Client, credentials, Metadata, type StatusObject, status } from '@grpc/grpc-js';
import { DEFAULT_SERVER_OPTIONS } from '../contract/pushServer.ts';
import { methodOf } from '../servers/grpc/pushProto.ts';
import { createServer } from '../servers/registry.ts';
import { Inbox } from './inbox.ts';
import { createTestAuthority, validClaims } from './securityAuthority.ts';
import { validPresented } from './securityCases.ts';
import type { SecurityFixture, Visit } from './securityFixture.ts';
import { testSecurity } from './securitySuite.ts';
import { requestOf } from './serverFixtureGrpc.ts';

/** One connection, no retries: each attempt is seen once. */
const OPTIONS = {
  'grpc.use_local_subchannel_pool': 1,
  'grpc.enable_retries': 0,
  'grpc.initial_reconnect_backoff_ms': 60_000,
  'grpc.ssl_target_name_override': 'localhost',
};

function clientOf({ endpoint, ca, certificate, tlsVersion = 'TLSv1.3' }: Visit): Client {
  const own = certificate === null ? {} : { cert: certificate.certificate, key: certificate.privateKey };
  const context = createSecureContext({ ca, minVersion: tlsVersion, maxVersion: tlsVersion, ...own });
  const secure = credentials.createFromSecureContext(context);
  return new Client(`${endpoint.host}:${endpoint.port}`, secure, OPTIONS);
}

const GRPC_FIXTURE: SecurityFixture = {
  stage: 'grpc',
  variant: 'server-stream',
  async subscribe(t, visit) {
    const client = clientOf(visit);
    t.after(() => client.close());
    const metadata = new Metadata();
    for (const [name, value] of Object.entries(visit.headers)) metadata.set(name, value);
    const { path, requestSerialize, responseDeserialize } = methodOf('Subscribe');
    const call = client.makeServerStreamRequest(
      path,
      requestSerialize,
      responseDeserialize,
      requestOf('Subscribe', 't1'),
      metadata,
    );
    const inbox = new Inbox<string>();
    call.on('data', ({ data }: { readonly data: Buffer }) => inbox.put(String(data)));
    // An error is told by the status as well, after it.
    call.on('error', () => {});
    const ended = new Promise<StatusObject>((resolve) => call.on('status', resolve));
    const opened = new Promise<null>((resolve) => call.on('metadata', () => resolve(null)));
    const end = await Promise.race([opened, ended]);
    if (end === null) {
      return {
        state: 'open',
        next: () => inbox.next(),
        ended: async () => {
          await ended;
        },
      };
    }
    if (end.code === status.UNAVAILABLE) return { state: 'broken' };
    return { state: 'refused', status: status[end.code], challenge: undefined };
  },
};

testSecurity(GRPC_FIXTURE);

test('grpc: a call that says only after its token has ended what it wants is refused', async (t) => {
  const authority = await createTestAuthority(t);
  const server = await createServer('grpc', 'bidi');
  t.after(() => server.stop());
  const listen = [{ host: '127.0.0.1', port: 0 }];
  const { endpoints } = await server.start({ ...DEFAULT_SERVER_OPTIONS, listen, security: authority.server });
  // Its end, tolerance included, is less than a second away.
  const exp = Math.floor(Date.now() / 1_000) - authority.rules.jwt.clockToleranceSeconds + 1;
  const authorization = `Bearer ${await authority.issuer.sign({ ...validClaims(), exp })}`;
  const visit = {
    ...(await validPresented(authority)),
    endpoint: endpoints[0],
    ca: authority.ca.certificate,
  };
  const client = clientOf(visit);
  t.after(() => client.close());
  const metadata = new Metadata();
  metadata.set('authorization', authorization);
  const { path, requestSerialize, responseDeserialize } = methodOf('Chat');
  const call = client.makeBidiStreamRequest(path, requestSerialize, responseDeserialize, metadata);
  call.on('error', () => {});
  const ended = new Promise<StatusObject>((resolve) => call.on('status', resolve));
  await setTimeout((exp + authority.rules.jwt.clockToleranceSeconds) * 1_000 - Date.now() + 1);
  call.write({ join: { topic: 't1', lastId: '0' } });
  const { code, details } = await ended;
  assert.equal(status[code], 'UNAUTHENTICATED');
  assert.equal(details, 'the token has expired');
  assert.equal(server.stats().accepted, 0);
});
