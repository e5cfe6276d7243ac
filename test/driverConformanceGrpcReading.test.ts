import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type ServerHttp2Stream } from 'node:http2';
import { describe, it } from 'node:test';
import { DRIVERS } from '../runners/drivers/registry.ts';
import { grpcFixture } from './driverFixtureGrpc.ts';
import { sseH2Fixture } from './driverFixtureSseH2.ts';
import { WatchedDriver } from './h2Exchange.ts';
import { H2ScriptedServer } from './h2ScriptedServer.ts';

/** More than the window of a stream and the buffers of both ends hold. */
const MESSAGES = 400;
const MESSAGE = { kind: 'message', data: 'x'.repeat(4_096) } as const;

for (const fixture of [grpcFixture, sseH2Fixture]) {
  for (const info of DRIVERS.filter(
    ({ protocol, kind }) => protocol === fixture.protocol && kind === 'lean',
  )) {
    describe(`${info.protocol} lean driver, reading slowly`, () => {
      it('holds back one slot, not the others of its connection, and lets it read on when told to', async () => {
        const server = new H2ScriptedServer([
          (asked) => {
            asked.answer(fixture.head, fixture.trailers);
            for (let i = 0; i < MESSAGES; i++) asked.stream.write(fixture.encode([MESSAGE]));
          },
        ]);
        await server.start();
        const watched = await WatchedDriver.create(info, fixture, {
          slots: 2,
          streamsPerConnection: 2,
          target: () => ({ host: '127.0.0.1', port: server.port, path: fixture.path, headers: {} }),
        });
        try {
          watched.driver.throttle?.(0, 1_000);
          for (const slot of [0, 1]) watched.open(slot);
          await watched.until(() => watched.last(1).messages.length === MESSAGES);
          assert.equal(server.connections, 1);
          const [slow] = server.requests;
          assert.ok(
            watched.last(0).messages.length < MESSAGES / 4,
            `${watched.last(0).messages.length} read`,
          );
          assert.ok(slow.stream.writableLength > 0, 'the server is pressed back');
          watched.driver.throttle?.(0, null);
          await watched.until(() => watched.last(0).messages.length === MESSAGES);
          assert.equal(watched.last(0).detail, null);
        } finally {
          await watched.driver.stop();
          await server.stop();
        }
      });
    });
  }
}

describe('grpc lean driver, more streams than the server allows', () => {
  it('says so of those that wait in vain', async () => {
    const info = DRIVERS.find(({ protocol, kind }) => protocol === 'grpc' && kind === 'lean');
    assert.ok(info);
    const server = createServer({ settings: { maxConcurrentStreams: 2 } });
    server.on('stream', (stream: ServerHttp2Stream) =>
      stream.respond(grpcFixture.head, { waitForTrailers: true }),
    );
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    const port = address !== null && typeof address === 'object' ? address.port : 0;
    const watched = await WatchedDriver.create(info, grpcFixture, {
      slots: 3,
      streamsPerConnection: 3,
      connectTimeoutMs: 500,
      target: () => ({ host: '127.0.0.1', port, path: grpcFixture.path, headers: {} }),
    });
    try {
      // One first: only its answer brings the server's settings.
      watched.open(0);
      await watched.until(() => watched.last(0).opened === 1);
      for (const slot of [1, 2]) watched.open(slot);
      const { reason, detail } = await watched.ended(2);
      assert.deepEqual([reason, watched.last(1).opened], ['timeout', 1]);
      assert.match(detail, /: the server allows 2 streams on a connection$/);
    } finally {
      await watched.driver.stop();
      server.close();
    }
  });
});
