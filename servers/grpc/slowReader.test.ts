import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import { status } from '@grpc/grpc-js';
import { DEFAULT_FLOW_LIMITS } from '../../contract/flow.ts';
import { rawSession } from '../../test/grpcExchange.ts';
import { publish, type Subject, start, textOf, until } from '../../test/serverConformanceClient.ts';
import { grpcFixture, grpcFrame, requestOf } from '../../test/serverFixtureGrpc.ts';
import { methodOf } from './pushProto.ts';

for (const [variant, method] of [
  ['server-stream', 'Subscribe'],
  ['bidi', 'Chat'],
  ['prepared', 'Subscribe'],
] as const) {
  const fixture = grpcFixture(method);
  const subject: Subject = { stage: 'grpc', variant, fixture, frees: 'at-disconnect' };

  test(`${variant}: a client that reads too slowly is told when to come back, and its connection lives on`, async (t) => {
    const connectionMessages = { high: 32, low: 16 };
    const { endpoint, server } = await start(t, subject, {
      flow: { ...DEFAULT_FLOW_LIMITS, connectionMessages, retryAfterMs: 3_000 },
    });
    const session = rawSession(t, endpoint);
    const { path, requestSerialize } = methodOf(method);
    const open = () => {
      const headers = { 'content-type': 'application/grpc', te: 'trailers' };
      const stream = session.request({ ':method': 'POST', ':path': path, ...headers });
      stream.write(grpcFrame(requestSerialize(requestOf(method, 't1'))));
      if (method === 'Subscribe') stream.end();
      return stream;
    };
    const slow = open();
    slow.pause();
    const brisk = await fixture.subscribe(t, endpoint);
    await until(() => server.stats().connections === 2);
    // More than the client's window takes, in messages that are not small.
    const body = 'x'.repeat(20_000);
    for (let n = 0; n < 200 && server.stats().slowReadersCut === 0; n++) {
      await publish(endpoint, 't1', body);
      assert.equal(textOf(await brisk.next()), body);
    }
    assert.equal(server.stats().slowReadersCut, 1);
    const told = once(slow, 'trailers');
    slow.resume();
    const [trailers] = await told;
    assert.equal(trailers['grpc-status'], String(status.RESOURCE_EXHAUSTED));
    assert.equal(trailers['retry-after'], '3');
    assert.equal(trailers['x-ratelimit-remaining'], '0');
    assert.match(trailers.ratelimit, /"connection-messages";r=0;t=3/);
    const [head] = await once(open(), 'response');
    assert.equal(head[':status'], 200);
    await until(() => server.stats().connections === 2);
  });
}
