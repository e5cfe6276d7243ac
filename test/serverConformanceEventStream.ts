import assert from 'node:assert/strict';
import { test } from 'node:test';
import { publish, type Subject, start } from './serverConformanceClient.ts';
import { openEventStream } from './serverFixtureSse.ts';

/** What only event streams have: their head, comments, `retry` and heartbeats. */
export function eventStreamTests(subject: Subject): void {
  test('sends the head of an event stream', async (t) => {
    const { endpoint } = await start(t, subject);
    const { headers } = await openEventStream(t, endpoint);
    assert.equal(headers['content-type'], 'text/event-stream');
    assert.equal(headers['cache-control'], 'no-cache');
    assert.equal(headers['x-accel-buffering'], 'no');
    assert.equal(headers['content-encoding'], undefined);
    assert.ok(Math.abs(Date.parse(headers.date ?? '') - Date.now()) < 60_000);
  });

  test('tells the reconnect delay where there is one', async (t) => {
    const { endpoint } = await start(t, subject, { retryMs: 1_234 });
    const stream = await openEventStream(t, endpoint);
    await publish(endpoint, 't1', 'after the head');
    await stream.next();
    assert.equal(stream.retryMs, 1_234);
  });

  test('beats by comment', async (t) => {
    const { endpoint, server } = await start(t, subject, { heartbeat: 'comment', heartbeatMs: 20 });
    const streams = [await openEventStream(t, endpoint), await openEventStream(t, endpoint, { topic: 't2' })];
    for (const stream of streams) {
      await stream.waitFor(() => stream.comments.filter((comment) => comment === 'ping').length >= 2);
    }
    assert.equal(server.stats().written, 0, 'a heartbeat is no message');
  });

  test('beats by named event that leaves the last id alone', async (t) => {
    const { endpoint } = await start(t, subject, { heartbeat: 'event', heartbeatMs: 20 });
    const stream = await openEventStream(t, endpoint);
    await stream.waitFor(() => stream.others.length >= 2);
    for (const { event, id } of stream.others) {
      assert.equal(event, 'heartbeat');
      assert.equal(id, null);
    }
  });
}
