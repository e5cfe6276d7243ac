import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { createServer as createHttpServer, type RequestListener } from 'node:http';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { assertMeasured, startRun, withFolder, withListening } from './endToEndBench.ts';

const STREAM_HEAD = 'HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n';

function tinyRun(folder: string, port: number) {
  const base = `http://127.0.0.1:${port}`;
  const load = '--connections 8 --probes 2 --rate 20 --warmup 0s --duration 1s --memory-levels 0'.split(' ');
  return startRun(folder, ['--target', base, '--publish-url', `${base}/publish`, ...load]);
}

function answers(status: number, contentType: string): Server {
  return createHttpServer((_, response) => {
    response.writeHead(status, { 'content-type': contentType }).end('no');
  });
}

/** Streams by `onStream`; publishes are accepted or not. */
function streams(publishStatus: number, onStream: RequestListener): Server {
  return createHttpServer((request, response) => {
    if (request.method === 'GET') onStream(request, response);
    else request.resume().on('end', () => response.writeHead(publishStatus).end());
  });
}

function open(response: Parameters<RequestListener>[1]): void {
  response.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders();
}

const REFUSED_AT_ONCE: readonly (readonly [string, () => Server, RegExp])[] = [
  ['resets', () => createServer((socket) => socket.resetAndDestroy()), /ECONNRESET/],
  ['answers 404', () => answers(404, 'text/event-stream'), /HTTP 404/],
  ['answers 500', () => answers(500, 'text/event-stream'), /HTTP 500/],
  ['answers text/html', () => answers(200, 'text/html'), /content type text\/html, not text\/event-stream/],
  ['closes without an answer', () => createServer((socket) => socket.end()), /closed by the server/],
  [
    'closes after the head',
    () => createServer((socket) => socket.once('data', () => socket.end(STREAM_HEAD))),
    /closed by the server/,
  ],
  ['never answers', () => createServer(() => {}), /no response head within 10000 ms/],
];

describe('bad target', { concurrency: 4 }, () => {
  for (const [name, make, pattern] of REFUSED_AT_ONCE) {
    test(`a target that ${name} is refused before any load`, () =>
      withListening(make(), (port) =>
        withFolder(async (folder) => {
          const { code, stdout, stderr } = await tinyRun(folder, port).ended;
          assert.equal(code, 6, stderr);
          assert.ok(
            stderr.includes(`bench: http://127.0.0.1:${port}/events does not answer as an event stream`),
          );
          assert.match(stderr, pattern);
          assert.match(stderr, /curl -N/);
          assert.ok(stderr.split('\n').length < 24, 'one screen');
          assert.equal(stdout, '');
          assert.equal(existsSync(join(folder, 'result', 'result.json')), false);
        }),
      ));
  }

  test('a target that refuses connections is named', async () => {
    let closedPort = 0;
    await withListening(createServer(), async (port) => {
      closedPort = port;
    });
    await withFolder(async (folder) => {
      const { code, stderr } = await tinyRun(folder, closedPort).ended;
      assert.equal(code, 6, stderr);
      assert.match(stderr, new RegExp(`http://127.0.0.1:${closedPort}/events .*ECONNREFUSED`));
    });
  });

  for (const [name, publishStatus, pattern] of [
    ['sends half an event for ever', 202, /20 messages were accepted, and not one was delivered/],
    ['accepts no publish', 500, /none of 20 messages was accepted/],
  ] as const) {
    test(`a target that ${name} has failed, and the result shows it`, () =>
      withListening(
        streams(publishStatus, (_, response) => {
          open(response);
          response.write('data: ha');
        }),
        (port) =>
          withFolder(async (folder) => {
            const run = tinyRun(folder, port);
            const { code, stderr } = await run.ended;
            assert.equal(code, 6, stderr);
            assert.match(stderr, pattern);
            assert.ok(stderr.includes(`http://127.0.0.1:${port}`));
            const { connections, deliveries } = (await run.result()).runs[0];
            assert.equal(connections.established, 8);
            assert.equal(deliveries?.lost, 160);
          }),
      ));
  }

  test('a target that dies in the window shows as loss', async () => {
    const subscribers = new Set<Parameters<RequestListener>[1]>();
    let published = 0;
    const server = createHttpServer((request, response) => {
      if (request.method === 'GET') {
        open(response);
        subscribers.add(response);
        response.on('close', () => subscribers.delete(response));
        return;
      }
      let body = '';
      request.on('data', (part) => {
        body += part;
      });
      request.on('end', () => {
        for (const subscriber of subscribers) subscriber.write(`data: ${body}\n\n`);
        response.writeHead(202).end();
        if (++published < 10) return;
        server.close();
        // In the next turn, so that the tenth message still goes out.
        setImmediate(() => server.closeAllConnections());
      });
    });
    await withListening(server, (port) =>
      withFolder(async (folder) => {
        const run = tinyRun(folder, port);
        const ended = await run.ended;
        const result = await run.result();
        assertMeasured(ended, result);
        const { deliveries, connections, publish } = result.runs[0];
        assert.equal(connections.established, 8);
        assert.equal(connections.dropped, 8);
        assert.equal(publish?.sent, 10);
        assert.equal(deliveries?.expected, 160);
        assert.equal(deliveries?.lost, 80);
      }),
    );
  });
});
