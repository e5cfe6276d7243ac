import { createSecureContext } from 'node:tls';
import { Client, credentials, Metadata, type StatusObject, status } from '@grpc/grpc-js';
import { methodOf } from '../servers/grpc/pushProto.ts';
import { Inbox } from './inbox.ts';
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
