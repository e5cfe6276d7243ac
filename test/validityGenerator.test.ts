import assert from 'node:assert/strict';
import { fork, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { FAULTLESS } from '../contract/knownAnswer.ts';
import { childrenOf, withListening } from './endToEndBench.ts';
import { assertSaid, runArranged } from './validityRun.ts';

/** A server of its own process, ended afterwards. */
async function withSlowServer(use: (url: string) => Promise<void>): Promise<void> {
  const server = fork(fileURLToPath(new URL('validityServer.ts', import.meta.url)));
  const ended = once(server, 'exit');
  try {
    const [{ port }] = await once(server, 'message');
    await use(`http://127.0.0.1:${port}`);
  } finally {
    server.kill('SIGKILL');
    await ended;
  }
}

/** A server of event streams that hands each message on after a time of its own for each stream and publish, milliseconds. */
function handsOnAfter(delayOf: (client: IncomingMessage, nth: number) => number): RequestListener {
  const streams = new Map<ServerResponse, IncomingMessage>();
  let published = 0;
  return (request, response) => {
    if (request.method === 'GET') {
      response.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders();
      streams.set(response, request);
      response.on('close', () => streams.delete(response));
      return;
    }
    let body = '';
    request.on('data', (part) => {
      body += part;
    });
    request.on('end', () => {
      published++;
      for (const [stream, client] of streams)
        setTimeout(() => stream.write(`data: ${body}\n\n`), delayOf(client, published));
      response.writeHead(202).end();
    });
  };
}

/** The ecosystem's client sends what browsers send. */
const isEcosystem = ({ headers }: IncomingMessage): boolean => headers['sec-fetch-mode'] !== undefined;

/** Two threads that never rest in each load worker: a client library that costs what it likes. */
const BURNING = `
import { isMainThread, Worker } from 'node:worker_threads';
if (isMainThread && process.argv[1]?.includes('loadWorker'))
  for (let i = 0; i < 2; i++) new Worker('for (;;);', { eval: true, execArgv: [] }).unref();
`;

describe('validity of the generator', () => {
  test('a worker that stands still misses its polls', async () => {
    const run = await runArranged({
      stage: 'poll',
      variant: 'keepalive',
      workload: { pollIntervalMs: 200, durationMs: 2_000 },
      knownAnswer: { freeze: { role: 'worker', atMs: 600, forMs: 500 } },
    });
    assertSaid(run, 'pollSchedule', 'generatorStalled');
  });

  test('a worker that may not open more files', async () => {
    const run = await runArranged({
      workload: { connections: 60, durationMs: 500 },
      knownAnswer: { rampGraceMs: 500, drainQuietMs: 100 },
      onPhase: {
        start: () => {
          const workers = childrenOf(process.pid).filter(({ command }) => command.includes('loadWorker'));
          assert.equal(workers.length, 1);
          const limited = spawnSync('prlimit', ['--pid', String(workers[0].pid), '--nofile=50:50']);
          assert.equal(limited.status, 0, String(limited.stderr));
        },
      },
    });
    assertSaid(run, 'exhausted');
    assert.equal(run.validity.verdict, 'INVALID');
  });

  test('clients that cost more than two fifths of the machine', async (t) => {
    const before = process.env.NODE_OPTIONS;
    process.env.NODE_OPTIONS = `--import data:text/javascript,${encodeURIComponent(BURNING)}`;
    t.after(() => {
      if (before === undefined) delete process.env.NODE_OPTIONS;
      else process.env.NODE_OPTIONS = before;
    });
    assertSaid(await runArranged({ workload: { connections: 40, probes: 4 } }), 'generatorShare');
  });
});

describe('validity where a run waits', { concurrency: 4 }, () => {
  test('a server that takes one connection at a time and answers each publish late: what was never tried is not its fault', () =>
    withSlowServer(async (url) => {
      const run = await runArranged({
        target: { url, publishUrl: `${url}/publish` },
        workload: { connections: 40, ratePerSecond: 20 },
        knownAnswer: { rampGraceMs: 2_500, drainQuietMs: 100 },
      });
      assertSaid(run, 'listenOverflows', 'unsentConnections', 'unsentMessages');
      assert.ok(run.connections.unsent > 0 && run.connections.established > 0);
    }));

  test('a server that serves the lean clients first', () =>
    withListening(createServer(handsOnAfter((client) => (isEcosystem(client) ? 30 : 0))), async (port) => {
      const url = `http://127.0.0.1:${port}`;
      const run = await runArranged({
        target: { url, publishUrl: `${url}/publish` },
        workload: { probes: 4, rooms: 1 },
      });
      assertSaid(run, 'probeDisagrees');
    }));

  test('a server that becomes slower in the middle of the window', () => {
    // A warm-up of 0.2 s and half of a window of 2 s.
    const inTime = 200 * 1.2;
    return withListening(createServer(handsOnAfter((_, nth) => (nth > inTime ? 300 : 0))), async (port) => {
      const url = `http://127.0.0.1:${port}`;
      const run = await runArranged({
        target: { url, publishUrl: `${url}/publish`, publishDepth: 16 },
        workload: { ratePerSecond: 200, warmupMs: 200, durationMs: 2_000 },
      });
      assertSaid(run, 'notSteady');
    });
  });

  test('deliveries that still come after the longest drain, by a shorter one: it takes more than a minute', async () => {
    const run = await runArranged({
      stage: 'instrument',
      variant: 'sse',
      knownAnswer: { server: { ...FAULTLESS, delayMs: 3_000 }, drainLimitMs: 300 },
    });
    assertSaid(run, 'drainBound');
    assert.equal(run.deliveries?.drainBoundHit, true);
  });
});
