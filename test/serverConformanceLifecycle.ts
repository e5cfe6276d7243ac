import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BenchError } from '../contract/errors.ts';
import { DEFAULT_SERVER_OPTIONS } from '../contract/pushServer.ts';
import { createServer } from '../servers/registry.ts';
import { ANY_PORT, exchange, publish, type Subject, start } from './serverConformanceClient.ts';

/** Those that keep the process alive. */
function timers(): number {
  return process.getActiveResourcesInfo().filter((resource) => resource === 'Timeout').length;
}

export function lifecycleTests(subject: Subject): void {
  const { http1, subscribe, isConnection } = subject.fixture;

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
    const subscribers = [await subscribe(t, endpoint), await subscribe(t, endpoint, { lastEventId: '0' })];
    await server.stop();
    for (const subscriber of subscribers) await subscriber.closed();
    assert.equal(server.stats().connections, 0);
    await start(t, subject, { listen: [endpoint], metrics });
  });

  test('stops while it starts, and leaves nothing bound', async () => {
    const server = await createServer(subject.stage, subject.variant);
    const before = timers();
    const starting = server.start({ ...DEFAULT_SERVER_OPTIONS, listen: [ANY_PORT, ANY_PORT] });
    const rejected = assert.rejects(starting, BenchError);
    await server.stop();
    await rejected;
    assert.ok(timers() <= before, 'a timer keeps the process alive');
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

  test('says what is not there, and what a path is for', async (t) => {
    const { endpoint } = await start(t, subject);
    assert.equal((await exchange(endpoint, '/healthz')).body, 'ok\n');
    const missing = await exchange(endpoint, '/nothing');
    assert.equal(missing.status, 404);
    for (const known of [...(http1 === null ? [] : [http1.path]), '/publish', '/metrics']) {
      assert.ok(missing.body.includes(known), missing.body);
    }
    for (const [path, method, allowed] of [
      ...(http1 === null ? [] : [[http1.path, 'POST', 'GET']]),
      ['/publish', 'GET', 'POST'],
      ['/metrics', 'DELETE', 'GET'],
    ]) {
      const answer = await exchange(endpoint, path, { method });
      assert.equal(answer.status, 405, path);
      assert.equal(answer.headers.allow, allowed);
    }
  });

  test('shows what it counts', async (t) => {
    const { endpoint } = await start(t, subject);
    const subscriber = await subscribe(t, endpoint);
    await publish(endpoint, 't1', 'x');
    await subscriber.next();
    const { body, headers } = await exchange(endpoint, '/metrics');
    assert.match(headers['content-type'] ?? '', /^text\/plain/);
    const ofConnections = [
      'push_connection_total{state="accepted"} 1',
      'push_connections 1',
      'push_handshake_duration_seconds_count 1',
      'push_handshake_duration_seconds_bucket{le="+Inf"} 1',
    ];
    for (const line of [
      ...(isConnection ? ofConnections : []),
      'push_connection_total{state="refused"} 0',
      'push_messages_published_total 1',
      'push_messages_written_total 1',
      'push_publish_refused_total 0',
      'push_slow_readers_cut_total 0',
      'push_gaps_total 0',
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
    assert.equal((await exchange(metrics, http1?.path ?? '/publish')).status, 404);
  });
}
