import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { CHAT_METHOD, SUBSCRIBE_METHOD } from '../contract/grpc.ts';
import type { DriverInfo } from '../contract/loadDriver.ts';
import { bytesField, framed } from '../runners/drivers/grpc/wire.ts';
import { DRIVERS } from '../runners/drivers/registry.ts';
import { chatFixture, grpcFixture } from './driverFixtureGrpc.ts';
import { sseH2Fixture } from './driverFixtureSseH2.ts';
import { WatchedDriver } from './h2Exchange.ts';
import type { H2Fixture } from './h2Fixture.ts';
import { type H2Script, H2ScriptedServer, type ScriptedStream } from './h2ScriptedServer.ts';

const TOPIC = Buffer.from([0x0a, 2, 0x74, 0x30]);

function live(fixture: H2Fixture): H2Script {
  return (asked) => {
    asked.answer(fixture.head, fixture.trailers);
    asked.stream.write(fixture.encode([{ kind: 'message', data: 'one' }]));
  };
}

async function serving(
  info: DriverInfo,
  fixture: H2Fixture,
  script: H2Script,
  run: (server: H2ScriptedServer, watched: WatchedDriver) => Promise<void>,
): Promise<void> {
  const server = new H2ScriptedServer([script]);
  await server.start();
  const target = () => ({
    host: '127.0.0.1',
    port: server.port,
    path: fixture.path,
    headers: { 'x-key': 'k' },
  });
  const watched = await WatchedDriver.create(info, fixture, { slots: 1, target });
  try {
    watched.open(0);
    await watched.until(() => watched.last(0).messages.length === 1);
    await run(server, watched);
  } finally {
    await watched.driver.stop();
    await server.stop();
  }
}

/** Says something; resolves with what it was settled with. */
function said(watched: WatchedDriver, saying: 'message' | 'typing', text: string): Promise<Error | null> {
  return new Promise((resolve, reject) => {
    const taken = watched.driver.say?.(0, saying, Buffer.from(text), resolve);
    if (taken !== true) reject(new Error(`say was answered with ${taken}`));
  });
}

const isSilent = (watched: WatchedDriver): boolean =>
  watched.driver.say?.(0, 'message', Buffer.from('never'), () => {}) === false;

for (const info of DRIVERS.filter(({ protocol }) => protocol === 'grpc')) {
  describe(`grpc ${info.kind} driver, speaking`, () => {
    it('joins first, then says messages and typing notices in order, and ends its half alone', async () => {
      await serving(info, chatFixture, live(chatFixture), async (server, watched) => {
        assert.equal(await said(watched, 'message', 'hello'), null);
        assert.equal(await said(watched, 'typing', '...'), null);
        assert.equal(watched.driver.endUplink?.(0), true);
        const [asked] = server.requests;
        const fields = [
          bytesField(1, TOPIC),
          bytesField(2, Buffer.from('hello')),
          bytesField(3, Buffer.from('...')),
        ];
        assert.deepEqual(await asked.wholeBody, Buffer.concat(fields.map(framed)));
        assert.deepEqual([isSilent(watched), watched.driver.endUplink?.(0)], [true, false]);
        asked.stream.write(chatFixture.encode([{ kind: 'message', data: 'two' }]));
        await watched.until(() => watched.last(0).messages.length === 2);
        asked.end();
        assert.equal((await watched.ended(0)).reason, 'closed-by-server');
      });
    });

    it('says nothing by a method that only subscribes', async () => {
      await serving(info, grpcFixture, live(grpcFixture), async (_server, watched) => {
        assert.deepEqual([isSilent(watched), watched.driver.endUplink?.(0)], [true, false]);
      });
    });

    it('asks with the topic where the method has it, byte for byte', async () => {
      for (const [fixture, message] of [
        [grpcFixture, TOPIC],
        [chatFixture, bytesField(1, TOPIC)],
      ] as const) {
        await serving(info, fixture, live(fixture), async (server) => {
          assert.deepEqual(server.requests[0].body, framed(message));
        });
      }
      assert.notEqual(SUBSCRIBE_METHOD.path, CHAT_METHOD.path);
    });
  });
}

for (const info of DRIVERS.filter(({ protocol }) => protocol === 'sse-h2')) {
  const answering =
    (status: number): H2Script =>
    (asked) => {
      if (asked.headers[':method'] === 'GET') return live(sseH2Fixture)(asked);
      asked.answerOnly({ ':status': status });
    };
  const posts = ({ requests }: H2ScriptedServer): ScriptedStream[] =>
    requests.filter(({ headers }) => headers[':method'] === 'POST');

  describe(`sse-h2 ${info.kind} driver, speaking`, () => {
    it('posts what it says, on the connection of its stream where that can be', async () => {
      await serving(info, sseH2Fixture, answering(202), async (server, watched) => {
        assert.equal(await said(watched, 'message', 'hello'), null);
        assert.equal(await said(watched, 'typing', '...'), null);
        const seen = posts(server).map(({ headers, body }) => ({
          path: headers[':path'],
          topic: headers['x-topic'],
          kind: headers['x-kind'],
          key: headers['x-key'],
          body: body.toString(),
        }));
        const common = { path: '/publish', topic: 't0', key: 'k' };
        assert.deepEqual(seen, [
          { ...common, kind: undefined, body: 'hello' },
          { ...common, kind: 'typing', body: '...' },
        ]);
        assert.deepEqual(
          [server.connections, watched.driver.uplinks?.() ?? 0],
          info.kind === 'lean' ? [1, 0] : [2, 1],
        );
      });
    });

    it('tells what was refused, and what failed', async () => {
      for (const [status, name] of [
        [429, 'RefusedSaying'],
        [500, 'Error'],
      ] as const) {
        await serving(info, sseH2Fixture, answering(status), async (_server, watched) => {
          assert.equal((await said(watched, 'message', 'x'))?.name, name);
        });
      }
    });

    it('is silent for good once it has ended its half, and reads on', async () => {
      await serving(info, sseH2Fixture, answering(202), async (server, watched) => {
        assert.deepEqual([watched.driver.endUplink?.(0), isSilent(watched)], [true, true]);
        server.requests[0].stream.write(sseH2Fixture.encode([{ kind: 'message', data: 'two' }]));
        await watched.until(() => watched.last(0).messages.length === 2);
      });
    });
  });
}
