import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:https';
import { describe, it } from 'node:test';
import { DRIVERS } from '../runners/drivers/registry.ts';
import { h2DriverConformance } from './driverConformanceH2.ts';
import { grpcFixture } from './driverFixtureGrpc.ts';
import { sseH2Fixture } from './driverFixtureSseH2.ts';
import { WatchedDriver } from './h2Exchange.ts';
import type { H2Fixture, H2Security } from './h2Fixture.ts';
import { H2ScriptedServer } from './h2ScriptedServer.ts';
import { CLIENT, issue, issueStrange } from './testSecurity.ts';

const { certificate: cert, privateKey: key } = await issue();
const stranger = await issueStrange();
const security: H2Security = { client: CLIENT, server: { cert, key } };

/** Once more under TLS: the bytes are the same, so how they are read has been seen before. */
function overTls(fixture: H2Fixture): H2Fixture {
  return { ...fixture, name: `${fixture.name} over TLS`, security, readings: [] };
}

for (const fixture of [overTls(grpcFixture), overTls(sseH2Fixture)]) {
  for (const info of DRIVERS.filter(({ protocol }) => protocol === fixture.protocol)) {
    h2DriverConformance(info, fixture);

    const attempt = async (port: number): Promise<WatchedDriver> => {
      const target = () => ({ host: '127.0.0.1', port, path: fixture.path, headers: {} });
      const watched = await WatchedDriver.create(info, fixture, {
        slots: 1,
        target,
        connectTimeoutMs: 5_000,
      });
      watched.open(0);
      return watched;
    };

    describe(`${info.protocol} ${info.kind} driver, whom it trusts`, () => {
      it('gives up on a certificate of an authority that it does not know', async () => {
        const server = new H2ScriptedServer([() => {}], {
          cert: stranger.certificate,
          key: stranger.privateKey,
        });
        await server.start();
        const watched = await attempt(server.port);
        try {
          const { reason, detail, retryable } = await watched.ended(0);
          assert.deepEqual([watched.last(0).opened, reason, retryable], [0, 'other', false], detail);
          assert.match(detail, /^TLS: /);
        } finally {
          await watched.driver.stop();
          await server.stop();
        }
      });

      if (info.kind !== 'lean') return;
      it('tells version and cipher of its first handshake', async () => {
        const server = new H2ScriptedServer(
          [(asked) => asked.answer(fixture.head, fixture.trailers)],
          security.server,
        );
        await server.start();
        const watched = await attempt(server.port);
        try {
          assert.equal(watched.driver.tls?.(), null);
          await watched.until(() => watched.last(0).opened === 1);
          assert.equal(watched.driver.tls?.()?.version, 'TLSv1.3');
          assert.match(watched.driver.tls?.()?.cipher ?? '', /^TLS_/);
          const { bytesRead, bytesWritten } = watched.driver.counters();
          assert.deepEqual([bytesRead, bytesWritten], [null, null], 'what TLS adds is not seen');
        } finally {
          await watched.driver.stop();
          await server.stop();
        }
      });

      it('gives up on a server that agrees to HTTP/1.1 alone', async () => {
        const server = createServer({ cert, key, ALPNProtocols: ['http/1.1'] });
        server.listen(0, '127.0.0.1');
        await once(server, 'listening');
        const address = server.address();
        const watched = await attempt(address !== null && typeof address === 'object' ? address.port : 0);
        try {
          const { detail, retryable } = await watched.ended(0);
          assert.deepEqual([watched.last(0).opened, retryable], [0, false], detail);
          assert.match(detail, /^TLS/);
        } finally {
          await watched.driver.stop();
          server.close();
        }
      });
    });
  }
}
