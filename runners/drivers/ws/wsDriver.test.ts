import assert from 'node:assert/strict';
import { createServer, type Socket } from 'node:net';
import { it } from 'node:test';
import { PLAIN_DRIVER } from '../../../contract/loadDriver.ts';
import { withListening } from '../../../test/endToEndBench.ts';
import { acceptHead, frame } from '../../../test/wsFrames.ts';
import { CLOSED_BY_CLIENT } from '../closeReason.ts';
import { WsDriver } from './wsDriver.ts';

const PINGS = 400_000;
const PING = frame(9, 'p'.repeat(125));
/** What the kernel takes of both directions, and then some; the pongs to all pings would be more than twice this. */
const MOST_BYTES = 24 * 2 ** 20;

/** Pings without end and reads nothing after the request. */
function flood(socket: Socket): void {
  socket.once('data', (request) => {
    socket.pause();
    socket.write(acceptHead(request.toString('latin1')));
    const block = Buffer.from(PING.repeat(1_000), 'latin1');
    for (let i = 0; i < PINGS / 1_000; i++) socket.write(block);
    socket.write(frame(1, 'done'), 'latin1');
  });
}

it('does not gather pongs for a server that pings and never reads, and cuts it off', () =>
  withListening(createServer(flood), async (port) => {
    const done = Promise.withResolvers<void>();
    const closed = Promise.withResolvers<string>();
    const driver = new WsDriver(
      {
        slots: 1,
        connectTimeoutMs: 10_000,
        ...PLAIN_DRIVER,
        target: () => ({ host: '127.0.0.1', port, path: '/ws', headers: {} }),
        events: {
          opened: () => {},
          message: () => done.resolve(),
          state: () => {},
          gap: () => {},
          retryAfter: () => {},
          closed: (_slot, { detail }) => {
            done.reject(new Error(detail));
            closed.resolve(detail);
          },
        },
      },
      10,
    );
    driver.open(0);
    await done.promise;
    const { heartbeats, bytesWritten } = driver.counters();
    driver.close(0);
    assert.equal(await closed.promise, CLOSED_BY_CLIENT.detail);
    await driver.stop();
    assert.equal(heartbeats, PINGS);
    assert.ok((bytesWritten ?? 0) < MOST_BYTES, `${bytesWritten} bytes written`);
  }));
