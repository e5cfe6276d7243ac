import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { describe, test } from 'node:test';
import { assertMeasured, startRun, withFolder, withListening } from './endToEndBench.ts';
import { acceptHead, closeFrame, frame, text } from './wsFrames.ts';

const CONNECTIONS = 8;
/** Messages before the server does its worst. */
const GOOD = 10;
/** One second at 20 messages a second. */
const PUBLISHED = 20;

function tinyRun(folder: string, port: number) {
  const base = `http://127.0.0.1:${port}`;
  const load = `--connections ${CONNECTIONS} --probes 2 --rate 20 --warmup 0s --duration 1s --memory-levels 0`;
  const target = ['--target', base, '--protocol', 'ws', '--publish-url', `${base}/publish`];
  return startRun(folder, [...target, ...load.split(' ')]);
}

/** Sends every message to every subscriber; after the tenth it says one thing more to each, and subscribes nobody again. */
function failing(last: string): Server {
  const subscribers = new Set<Duplex>();
  let published = 0;
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (part) => {
      body += part;
    });
    request.on('end', () => {
      published++;
      for (const socket of subscribers) socket.write(text(body), 'latin1');
      response.writeHead(202).end();
      if (published !== GOOD) return;
      for (const socket of subscribers) socket.end(last, 'latin1');
      subscribers.clear();
    });
  });
  server.on('upgrade', ({ headers }, socket) => {
    if (published >= GOOD) {
      socket.end('HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n');
      return;
    }
    socket.write(acceptHead(`\r\nsec-websocket-key: ${headers['sec-websocket-key']}\r\n`));
    subscribers.add(socket);
    // It ends every connection itself; what a client sends is not read for meaning.
    socket.on('error', () => {}).on('close', () => subscribers.delete(socket));
    socket.resume();
  });
  return server;
}

describe('bad WebSocket target', { concurrency: 4 }, () => {
  test('a target that refuses the upgrade is refused before any load', () => {
    const server = createServer();
    server.on('upgrade', (_, socket) => socket.end('HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n'));
    return withListening(server, (port) =>
      withFolder(async (folder) => {
        const { code, stdout, stderr } = await tinyRun(folder, port).ended;
        assert.equal(code, 6, stderr);
        assert.match(stderr, /\/ws does not keep a WebSocket open: HTTP 403/);
        assert.match(stderr, /--header/);
        assert.equal(stdout, '');
      }),
    );
  });

  for (const [what, last, reason] of [
    ['closes with 1008', closeFrame(1008), /closed-by-server|bad-status/],
    ['closes with 1012', closeFrame(1012), /closed-by-server|bad-status/],
    ['sends a damaged frame', frame(5), /bad-protocol/],
    ['sends an oversized frame', frame(2, '', { width: 64, told: 2 ** 30 }), /bad-protocol/],
    ['ends without a close frame', '', /closed-by-server|bad-status/],
  ] as const) {
    test(`a target that ${what} in the window shows as exactly that loss`, () =>
      withListening(failing(last), (port) =>
        withFolder(async (folder) => {
          const run = tinyRun(folder, port);
          const ended = await run.ended;
          const result = await run.result();
          assertMeasured(ended, result);
          const { deliveries, connections } = result.runs[0];
          assert.equal(connections.established, CONNECTIONS);
          assert.equal(connections.dropped, CONNECTIONS);
          assert.equal(deliveries?.expected, CONNECTIONS * PUBLISHED);
          assert.equal(deliveries?.received, CONNECTIONS * GOOD);
          assert.equal(deliveries?.lost, CONNECTIONS * (PUBLISHED - GOOD));
          assert.match(JSON.stringify(connections), reason);
        }),
      ));
  }
});
