import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BenchError } from '../contract/errors.ts';
import { DEFAULT_SERVER_OPTIONS } from '../contract/pushServer.ts';
import { createServer } from '../servers/registry.ts';
import { ANY_PORT, exchange, publish, type Subject, start } from './serverConformanceClient.ts';
import { openStream } from './serverConformanceStream.ts';

export function lifecycleTests(subject: Subject): void {
  test('starts once, and stops once however often it is told', async (t) => {
    const { server } = await start(t, subject);
    const options = { ...DEFAULT_SERVER_OPTIONS, listen: [ANY_PORT] };
    await assert.rejects(server.start(options), /started before/);
    await Promise.all([server.stop(), server.stop()]);
    await server.stop();
  });

  test('ends its streams and frees its ports when it stops', async (t) => {
    const { server, endpoint, metrics } = await start(t, subject, { metrics: ANY_PORT });
    assert.ok(metrics !== null);
    const streams = [await openStream(t, endpoint), await openStream(t, endpoint, { lastEventId: '0' })];
    await server.stop();
    for (const stream of streams) await stream.closed();
    assert.equal(server.stats().connections, 0);
    await start(t, subject, { listen: [endpoint], metrics });
  });

  test('stops while it starts, and leaves nothing bound', async () => {
    const server = await createServer(subject.stage, subject.variant);
    const starting = server.start({ ...DEFAULT_SERVER_OPTIONS, listen: [ANY_PORT, ANY_PORT] });
    const rejected = assert.rejects(starting, BenchError);
    await server.stop();
    await rejected;
  });

  test('says which address is taken, and leaves the others free', async (t) => {
    const taken = (await start(t, subject)).endpoint;
    const other = await start(t, subject);
    await other.server.stop();
    await assert.rejects(start(t, subject, { listen: [other.endpoint, taken] }), (error) => {
      assert.ok(error instanceof BenchError);
      assert.match(error.message, new RegExp(`127\\.0\\.0\\.1:${taken.port}.*EADDRINUSE`));
      assert.match(error.hint, /another port/);
      return true;
    });
    await start(t, subject, { listen: [other.endpoint] });
  });

  test('sends the head of an event stream', async (t) => {
    const { endpoint } = await start(t, subject);
    const { headers } = await openStream(t, endpoint);
    assert.equal(headers['content-type'], 'text/event-stream');
    assert.equal(headers['cache-control'], 'no-cache');
    assert.equal(headers['x-accel-buffering'], 'no');
    assert.equal(headers['content-encoding'], undefined);
    assert.ok(Math.abs(Date.parse(headers.date ?? '') - Date.now()) < 60_000);
  });

  test('says what is not there, and what a path is for', async (t) => {
    const { endpoint } = await start(t, subject);
    assert.equal((await exchange(endpoint, '/healthz')).body, 'ok\n');
    const missing = await exchange(endpoint, '/nothing');
    assert.equal(missing.status, 404);
    assert.match(missing.body, /\/events/);
    for (const [path, method, allowed] of [
      ['/events', 'POST', 'GET'],
      ['/publish', 'GET', 'POST'],
      ['/metrics', 'DELETE', 'GET'],
    ]) {
      const answer = await exchange(endpoint, path, { method });
      assert.equal(answer.status, 405, path);
      assert.equal(answer.headers.allow, allowed);
    }
  });

  test('lets the pages of allowed origins read, and no others', async (t) => {
    const { endpoint } = await start(t, subject, { allowedOrigins: ['https://app.example'] });
    const readBy = async (origin: string) => (await openStream(t, endpoint, { headers: { origin } })).headers;
    const allowed = await readBy('https://app.example');
    assert.equal(allowed['access-control-allow-origin'], 'https://app.example');
    assert.equal(allowed.vary, 'Origin');
    for (const origin of ['https://app.example.evil', 'http://app.example', 'null']) {
      const headers = await readBy(origin);
      assert.equal(headers['access-control-allow-origin'], undefined, origin);
      assert.equal(headers.vary, 'Origin');
    }
    const preflight = await exchange(endpoint, '/events', {
      method: 'OPTIONS',
      headers: { origin: 'https://app.example', 'access-control-request-method': 'GET' },
    });
    assert.equal(preflight.status, 204);
    assert.match(preflight.headers['access-control-allow-headers'] ?? '', /Last-Event-ID/);
  });

  test('shows what it counts', async (t) => {
    const { endpoint } = await start(t, subject);
    const stream = await openStream(t, endpoint);
    await publish(endpoint, 't1', 'x');
    await stream.next();
    const { body, headers } = await exchange(endpoint, '/metrics');
    assert.match(headers['content-type'] ?? '', /^text\/plain/);
    for (const line of [
      'push_connection_total{state="accepted"} 1',
      'push_connection_total{state="refused"} 0',
      'push_connections 1',
      'push_messages_published_total 1',
      'push_messages_written_total 1',
      'push_publish_refused_total 0',
      'push_slow_readers_cut_total 0',
      'push_gaps_total 0',
      'push_handshake_duration_seconds_count 1',
      'push_handshake_duration_seconds_bucket{le="+Inf"} 1',
    ]) {
      assert.ok(body.includes(`${line}\n`), line);
    }
    assert.match(body, /^nodejs_eventloop_lag_p99_seconds \d/m);
    assert.match(body, /^nodejs_gc_duration_seconds_/m);
  });

  test('shows them on an address of their own, and then only there', async (t) => {
    const { endpoint, metrics } = await start(t, subject, { metrics: ANY_PORT });
    assert.ok(metrics !== null);
    assert.match((await exchange(metrics, '/metrics')).body, /^push_connections 0$/m);
    assert.equal((await exchange(endpoint, '/metrics')).status, 404);
    assert.equal((await exchange(metrics, '/events')).status, 404);
  });
}
