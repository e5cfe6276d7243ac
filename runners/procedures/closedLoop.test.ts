import assert from 'node:assert/strict';
import { createServer as createHttpServer } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { type TestContext, test } from 'node:test';
import { BenchError, EXIT } from '../../contract/errors.ts';
import { DEFAULT_SERVER_OPTIONS } from '../../contract/pushServer.ts';
import { createServer } from '../../servers/registry.ts';
import { withListening } from '../../test/endToEndBench.ts';
import { CLIENT, issue, STRANGERS_PEM } from '../../test/testSecurity.ts';
import { runClosedLoop } from './closedLoop.ts';

/** A node of the stage that shows a state, and the URL of it. */
async function pollServer(t: TestContext, variant: string): Promise<string> {
  const server = await createServer('poll', variant);
  t.after(() => server.stop());
  const { endpoints } = await server.start({
    ...DEFAULT_SERVER_OPTIONS,
    listen: [{ host: '127.0.0.1', port: 0 }],
  });
  const base = `http://127.0.0.1:${endpoints[0].port}`;
  await fetch(`${base}/publish`, { method: 'POST', body: 'x'.repeat(100), headers: { 'x-topic': 't0' } });
  return `${base}/state?topic=t0`;
}

const options = (url: string) => ({
  url,
  connections: 4,
  seconds: 1,
  headers: {},
  security: null,
  signal: new AbortController().signal,
});

for (const variant of ['short', 'keepalive', 'conditional']) {
  test(`measures ${variant}`, async (t) => {
    const figures = await runClosedLoop(options(await pollServer(t, variant)));
    assert.match(figures.tool, /^autocannon \d+\.\d+\.\d+$/);
    assert.ok(figures.requestsPerSecond > 0 && figures.seconds > 0);
    // Every answer of `conditional` is a 304, because that is what was asked for.
    assert.deepEqual([figures.connections, figures.errors, figures.non2xx], [4, 0, 0]);
    if (variant === 'short') assert.deepEqual([figures.p50Us, figures.p99Us], [null, null]);
  });
}

test('counts answers that are refusals, and not among the polls that were served', async (t) => {
  const url = await pollServer(t, 'keepalive');
  const figures = await runClosedLoop(options(url.replace('/state', '/nothing')));
  assert.ok(figures.non2xx > 0);
  assert.equal(figures.requestsPerSecond, 0);
});

test('asks under TLS', async () => {
  const { certificate, privateKey } = await issue();
  const keyed = { cert: certificate, key: privateKey, minVersion: 'TLSv1.3' } as const;
  const server = createHttpsServer(keyed, (_request, response) => response.setHeader('etag', '"1"').end('x'));
  await withListening(server, async (port) => {
    const asked = { ...options(`https://127.0.0.1:${port}/state`), security: CLIENT };
    const figures = await runClosedLoop(asked);
    assert.ok(figures.requestsPerSecond > 0);
    assert.deepEqual([figures.errors, figures.non2xx], [0, 0]);
    const distrusting = { ...asked, security: { ...CLIENT, ca: STRANGERS_PEM } };
    await assert.rejects(runClosedLoop(distrusting), /was answered: .*unable to verify/);
  });
});

test('ends early when it is told to', async () => {
  const controller = new AbortController();
  let polls = 0;
  const server = createHttpServer((_request, response) => {
    // The first one asks for the state before the loop begins.
    if (++polls === 2) controller.abort();
    response.end();
  });
  await withListening(server, async (port) => {
    const url = `http://127.0.0.1:${port}/state`;
    const { seconds } = await runClosedLoop({ ...options(url), seconds: 3_600, signal: controller.signal });
    assert.ok(seconds < 3_600);
  });
});

test('says where nothing answers', async () => {
  const server = await createServer('poll', 'short');
  const { endpoints } = await server.start({
    ...DEFAULT_SERVER_OPTIONS,
    listen: [{ host: '127.0.0.1', port: 0 }],
  });
  await server.stop();
  await assert.rejects(runClosedLoop(options(`http://127.0.0.1:${endpoints[0].port}/state`)), (error) => {
    assert.ok(error instanceof BenchError);
    assert.equal(error.exitCode, EXIT.systemUnderTest);
    return true;
  });
});
