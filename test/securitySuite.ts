import assert from 'node:assert/strict';
import { text } from 'node:stream/consumers';
import { after, before, describe, test } from 'node:test';
import { DEFAULT_SERVER_OPTIONS, type Endpoint, type PushServer } from '../contract/pushServer.ts';
import { PROXY_ID, TRUST_DOMAIN } from '../runners/security/authority.ts';
import { createServer } from '../servers/registry.ts';
import { createTestAuthority, leaf, type TestAuthority, validClaims } from './securityAuthority.ts';
import { type Presented, SECURITY_CASES, validPresented } from './securityCases.ts';
import { type Attempt, ask, type SecurityFixture, type Visit } from './securityFixture.ts';

type Open = Extract<Attempt, { state: 'open' }>;

/** Who is let in, and who is turned away and counted, for one stage. */
export function testSecurity(fixture: SecurityFixture): void {
  describe(`${fixture.stage}:${fixture.variant} under mtls-jwt`, { timeout: 60_000 }, () => {
    const cleanups: (() => unknown)[] = [];
    const scope = { after: (cleanup: () => unknown) => cleanups.push(cleanup) };
    let authority: TestAuthority;
    let server: PushServer;
    let endpoint: Endpoint;
    let ingest: Endpoint;
    let valid: Presented;
    let published = 0;

    const visit = (presented: Presented, at = endpoint): Visit => ({
      ...presented,
      endpoint: at,
      ca: authority.ca.certificate,
    });

    /** A message of its own each time: what a subscriber gets next is known to be this one. */
    async function publish(t: Parameters<typeof ask>[0]): Promise<string> {
      const body = `message-${++published}`;
      const options = { path: '/publish', method: 'POST', headers: { 'x-topic': 't1' }, body };
      const response = await ask(t, visit(valid, ingest), options);
      response?.resume();
      assert.equal(response?.statusCode, 202);
      return body;
    }

    before(async () => {
      authority = await createTestAuthority(scope);
      valid = await validPresented(authority);
      server = await createServer(fixture.stage, fixture.variant);
      cleanups.push(() => server.stop());
      const started = await server.start({
        ...DEFAULT_SERVER_OPTIONS,
        listen: [{ host: '127.0.0.1', port: 0 }],
        encoding: fixture.variant === 'long' ? 'json' : 'text',
        security: authority.server,
      });
      [endpoint] = started.endpoints;
      ingest = started.ingest ?? endpoint;
    });

    after(async () => {
      for (const cleanup of cleanups.reverse()) await cleanup();
    });

    for (const { name, reason, refusedAt, present } of SECURITY_CASES) {
      test(`${name} is refused as ${reason}, and others go on`, async (t) => {
        const other = await fixture.subscribe(t, visit(valid));
        assert.equal(other.state, 'open');
        const counted = server.stats().unauthenticated[reason] ?? 0;
        const attempt = await fixture.subscribe(t, visit(await present(authority)));
        checkRefusal(attempt, refusedAt, reason);
        await checkReceives(other, await publish(t));
        assert.equal(server.stats().unauthenticated[reason], counted + 1);
      });
    }

    test('whom a proxy on the list names is let in', async (t) => {
      const certificate = await authority.ca.issue(leaf({ uris: [PROXY_ID] }));
      const headers = { ...valid.headers, 'x-spiffe-id': `spiffe://${TRUST_DOMAIN}/behind` };
      const attempt = await fixture.subscribe(t, visit({ certificate, headers }));
      assert.equal(attempt.state, 'open');
      if (attempt.state === 'open') await checkReceives(attempt, await publish(t));
    });

    test('a token within the clock tolerance is taken', async (t) => {
      const exp = Math.floor(Date.now() / 1_000) - 10;
      const token = await authority.issuer.sign({ ...validClaims(), exp });
      const headers = { authorization: `Bearer ${token}` };
      const attempt = await fixture.subscribe(t, visit({ ...valid, headers }));
      assert.equal(attempt.state, 'open');
    });

    test('publishing needs an identity as well', async (t) => {
      const nobody = { ...valid, headers: {} };
      const options = { path: '/publish', method: 'POST', body: 'x' };
      const response = await ask(t, visit(nobody, ingest), options);
      assert.equal(response?.statusCode, 401);
      assert.equal(response?.headers['www-authenticate'], 'Bearer realm="pushbench"');
    });

    test('health asks for no token; metrics do, and count by reason', async (t) => {
      const nobody = { ...valid, headers: {} };
      const health = await ask(t, visit(nobody, ingest), { path: '/healthz' });
      assert.equal(health?.statusCode, 200);
      const refused = await ask(t, visit(nobody, ingest), { path: '/metrics' });
      assert.equal(refused?.statusCode, 401);
      const metrics = await ask(t, visit(valid, ingest), { path: '/metrics' });
      assert.ok(metrics);
      const exposition = await text(metrics);
      for (const [reason, count] of Object.entries(server.stats().unauthenticated)) {
        assert.match(
          exposition,
          new RegExp(`^push_unauthenticated_total\\{reason="${reason}"\\} ${count}$`, 'm'),
        );
      }
    });

    test('a stream ends with its token', async (t) => {
      // Its end, tolerance included, is one to two seconds away.
      const exp = Math.floor(Date.now() / 1_000) - authority.rules.jwt.clockToleranceSeconds + 2;
      const token = await authority.issuer.sign({ ...validClaims(), exp });
      const headers = { authorization: `Bearer ${token}` };
      const other = await fixture.subscribe(t, visit(valid));
      const attempt = await fixture.subscribe(t, visit({ ...valid, headers }));
      assert.equal(attempt.state, 'open');
      if (attempt.state === 'open') await attempt.ended();
      await checkReceives(other, await publish(t));
    });
  });
}

function checkRefusal(attempt: Attempt, refusedAt: 'handshake' | 'request', reason: string): void {
  assert.equal(attempt.state, refusedAt === 'handshake' ? 'broken' : 'refused');
  if (attempt.state !== 'refused') return;
  if (typeof attempt.status === 'string') assert.equal(attempt.status, 'UNAUTHENTICATED');
  else {
    assert.equal(attempt.status, 401);
    const error = reason === 'noToken' ? '' : `, error="invalid_token", error_description="${reason}"`;
    assert.equal(attempt.challenge, `Bearer realm="pushbench"${error}`);
  }
}

async function checkReceives(subscriber: Attempt, message: string): Promise<void> {
  assert.equal(subscriber.state, 'open');
  if (isOpen(subscriber)) assert.equal(await subscriber.next(), message);
}

function isOpen(attempt: Attempt): attempt is Open {
  return attempt.state === 'open';
}
