import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer as createKeyServer } from 'node:http';
import { test } from 'node:test';
import { DEFAULT_SERVER_OPTIONS } from '../contract/pushServer.ts';
import { createServer } from '../servers/registry.ts';
import { createTestAuthority } from './securityAuthority.ts';
import { validPresented } from './securityCases.ts';
import { type SecurityFixture, sseFixture, WS_FIXTURE } from './securityFixture.ts';

for (const fixture of [sseFixture('shared'), sseFixture('raw'), WS_FIXTURE] satisfies SecurityFixture[]) {
  test(`${fixture.stage}:${fixture.variant} stops while a client waits for the gate`, async (t) => {
    const authority = await createTestAuthority(t);
    // A key set that never comes: whoever asks for a token's key waits.
    const keys = createKeyServer();
    keys.listen(0, '127.0.0.1');
    await once(keys, 'listening');
    t.after(() => {
      keys.closeAllConnections();
      keys.close();
    });
    const address = keys.address();
    assert.ok(typeof address === 'object' && address !== null);
    const { rules } = authority;
    const jwt = { ...rules.jwt, jwksUrl: `http://127.0.0.1:${address.port}/` };
    const server = await createServer(fixture.stage, fixture.variant);
    const { endpoints } = await server.start({
      ...DEFAULT_SERVER_OPTIONS,
      listen: [{ host: '127.0.0.1', port: 0 }],
      security: { ...authority.server, peers: { ...rules, jwt } },
    });
    const presented = await validPresented(authority);
    const asked = once(keys, 'request');
    const attempt = fixture.subscribe(t, {
      ...presented,
      endpoint: endpoints[0],
      ca: authority.ca.certificate,
    });
    await asked;
    await server.stop();
    assert.equal((await attempt).state, 'broken');
    assert.equal(server.stats().connections, 0);
  });
}
