import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import { type AddressInfo, createServer as createTcpServer, type Server, type Socket } from 'node:net';
import { before, type TestContext, test } from 'node:test';
import { nowUs } from '../../contract/clock.ts';
import { emptyEnvelope, findMarker, readEnvelope } from '../../contract/envelope.ts';
import { BATCH_CONTENT_TYPE } from '../../contract/ingest.ts';
import type { PublisherPhaseReport, PublisherStart } from '../../contract/publisherControl.ts';
import { PLAIN_PUBLISHER } from '../../contract/publisherControl.ts';
import { parseBatch } from '../../servers/http/batch.ts';
import { initHistograms } from '../recorders/histograms.ts';
import { Publisher } from './publisher.ts';

before(initHistograms);

const COUNT = 40;
const DURATION_US = 40_000;

async function listen(t: TestContext, server: Server): Promise<string> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(async () => {
    for (const socket of sockets) socket.destroy();
    if (server.listening) await new Promise((resolve) => server.close(resolve));
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/publish`;
}

async function publish(
  t: TestContext,
  urls: readonly string[],
  over: Partial<PublisherStart> = {},
  startUs = nowUs(),
): Promise<PublisherPhaseReport> {
  const publisher = new Publisher({
    run: 5,
    streams: 3,
    payloadBytes: 64,
    urls,
    publishTo: 'any-node',
    batch: false,
    depth: 1,
    headers: { 'x-key': 'secret' },
    topicHeader: true,
    ...PLAIN_PUBLISHER,
    ...over,
  });
  t.after(() => publisher.stop());
  return publisher.phase({
    id: 0,
    name: 'measure',
    firstIndex: 0,
    count: COUNT,
    startUs,
    durationUs: DURATION_US,
    ratePerSecond: 1_000,
    shape: [{ durationMs: 40, ratePerSecond: 1_000 }],
    arrivals: 'uniform',
    seed: 1,
    streams: 3,
  });
}

function indexOf(data: Buffer): number {
  const envelope = emptyEnvelope();
  assert.ok(readEnvelope(data, findMarker(data, 0, data.length), envelope));
  return envelope.index;
}

const outcome = ({ attempted, sent, refused, failed, unsent }: PublisherPhaseReport) => ({
  attempted,
  sent,
  refused,
  failed,
  unsent,
});
const ALL = { attempted: COUNT, sent: 0, refused: 0, failed: 0, unsent: 0 };
const inOrder = Array.from({ length: COUNT }, (_, i) => i);

/** Calls back with each request's body. */
function withBody(answer: (body: Buffer, ...args: Parameters<RequestListener>) => void): RequestListener {
  return (request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => answer(Buffer.concat(chunks), request, response));
  };
}

for (const [name, answer] of [
  ['with a length', (response) => response.writeHead(202, { 'content-length': 2 }).end('ok')],
  ['in chunks', (response) => response.writeHead(202, { 'transfer-encoding': 'chunked' }).end('ok')],
  ['and closed', (response) => response.writeHead(202, { connection: 'close' }).end('ok')],
] as readonly (readonly [string, (response: Parameters<RequestListener>[1]) => void])[]) {
  test(`every message is sent once and in order where it is answered ${name}`, async (t) => {
    const seen: number[] = [];
    const server = createServer(
      withBody((body, request, response) => {
        const index = indexOf(body);
        seen.push(index);
        assert.equal(request.headers['x-topic'], `t${index % 3}`);
        assert.equal(request.headers['x-key'], 'secret');
        answer(response);
      }),
    );
    const report = await publish(t, [await listen(t, server)]);
    assert.deepEqual(outcome(report), { ...ALL, sent: COUNT });
    assert.deepEqual(seen, inOrder);
  });
}

test('HTTP/1.0 answers that end with the connection cost a connection each and lose nothing', async (t) => {
  const seen: number[] = [];
  const server = createTcpServer((socket) => {
    let bytes = Buffer.alloc(0);
    socket.on('data', (chunk) => {
      bytes = Buffer.concat([bytes, Buffer.from(chunk)]);
      const head = bytes.indexOf('\r\n\r\n');
      if (head < 0 || bytes.length < head + 4 + 64) return;
      seen.push(indexOf(bytes.subarray(head + 4)));
      socket.end('HTTP/1.0 200 OK\r\n\r\nok');
    });
  });
  assert.deepEqual(outcome(await publish(t, [await listen(t, server)])), { ...ALL, sent: COUNT });
  assert.deepEqual(seen, inOrder);
});

test('at most depth requests wait for their answers', async (t) => {
  let highest = 0;
  let posts = 0;
  const server = createTcpServer((socket) => {
    let open = 0;
    let text = '';
    socket.on('data', (chunk) => {
      const before = text.split('POST ').length - 1;
      text += chunk.toString('latin1');
      const arrived = text.split('POST ').length - 1 - before;
      posts += arrived;
      open += arrived;
      highest = Math.max(highest, open);
      // Answers wait until the pipeline is full, or until the last message is here.
      if (open < 4 && posts < COUNT) return;
      socket.write('HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n'.repeat(open));
      open = 0;
    });
  });
  assert.deepEqual(outcome(await publish(t, [await listen(t, server)], { depth: 4 })), {
    ...ALL,
    sent: COUNT,
  });
  assert.equal(highest, 4);
});

test('batches are what the reference server parses, and hold every message in order', async (t) => {
  const seen: number[] = [];
  let batches = 0;
  const server = createServer(
    withBody((body, request, response) => {
      if (request.headers['content-type'] === BATCH_CONTENT_TYPE) {
        const batch = parseBatch(body);
        assert.ok(batch.state === 'parsed');
        batches++;
        for (const { topic, data } of batch.records) {
          seen.push(indexOf(data));
          assert.equal(topic, `t${indexOf(data) % 3}`);
        }
      } else seen.push(indexOf(body));
      response.writeHead(202, { 'content-length': 0 }).end();
    }),
  );
  // All are due when the phase begins, so that they gather.
  const startUs = nowUs() - DURATION_US;
  const report = await publish(t, [await listen(t, server)], { batch: true }, startUs);
  assert.deepEqual(outcome(report), { ...ALL, sent: COUNT });
  assert.deepEqual(seen, inOrder);
  assert.ok(batches > 0);
});

test('429 is refused, 500 is failed, and both are told', async (t) => {
  const server = createServer(
    withBody((body, _request, response) => {
      const status = [202, 429, 500, 202][indexOf(body) % 4];
      response.writeHead(status, { 'content-length': 0 }).end();
    }),
  );
  const report = await publish(t, [await listen(t, server)]);
  assert.deepEqual(outcome(report), { ...ALL, sent: 20, refused: 10, failed: 10 });
  assert.deepEqual(
    new Map(report.failures.map(({ detail, count }) => [detail, count])),
    new Map([
      ['HTTP 429', 10],
      ['HTTP 500', 10],
    ]),
  );
});

test('every node gets every message, and the worst answer counts', async (t) => {
  const seen: number[][] = [[], []];
  const urls = await Promise.all(
    [202, 429].map((status, node) =>
      listen(
        t,
        createServer(
          withBody((body, _request, response) => {
            seen[node].push(indexOf(body));
            response.writeHead(status, { 'content-length': 0 }).end();
          }),
        ),
      ),
    ),
  );
  const report = await publish(t, urls, { publishTo: 'every-node' });
  assert.deepEqual(outcome(report), { ...ALL, refused: COUNT });
  assert.deepEqual(seen, [inOrder, inOrder]);
});

test('a server that is gone fails every message: none is left unsent', async (t) => {
  const server = createTcpServer();
  const url = await listen(t, server);
  await new Promise((resolve) => server.close(resolve));
  const report = await publish(t, [url]);
  assert.deepEqual(outcome(report), { ...ALL, failed: COUNT });
  assert.match(report.failures[0].detail, /ECONNREFUSED/);
});
