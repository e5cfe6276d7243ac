import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { KIND_HEADER, PUBLISH_PATH, TOPIC_HEADER, TYPING_KIND } from '../contract/ingest.ts';
import type { Endpoint } from '../contract/pushServer.ts';
import { STAGES } from '../servers/registry.ts';
import { exchange, publish, start } from './serverConformanceClient.ts';
import { openEventStream, SSE_FIXTURE } from './serverFixtureSse.ts';

function type(endpoint: Endpoint, topic: string, kind = TYPING_KIND): ReturnType<typeof exchange> {
  const headers = { [TOPIC_HEADER]: topic, [KIND_HEADER]: kind };
  return exchange(endpoint, PUBLISH_PATH, { method: 'POST', headers, body: 'Ada' });
}

describe('typing notices by POST', { timeout: 30_000 }, () => {
  const sse = STAGES.filter(({ name }) => name === 'sse').flatMap(({ variants }) => variants);
  for (const { name: variant } of sse.filter(({ capabilities }) => capabilities.protocol === 'sse')) {
    const subject = { stage: 'sse', variant, fixture: SSE_FIXTURE, frees: 'at-disconnect' } as const;

    test(`sse:${variant} relays them without an id, and keeps none`, async (t) => {
      const { endpoint, server } = await start(t, subject, { encoding: 'json' });
      const stream = await openEventStream(t, endpoint, { topic: 'room', encoding: 'json' });
      assert.equal((await type(endpoint, 'room')).body, '{"accepted":1}');
      assert.equal(await publish(endpoint, 'room', 'hello'), 1);
      const message = await stream.next();
      assert.equal(message.kind === 'message' && message.id, 1);
      assert.deepEqual(stream.others, [{ event: 'typing', id: null, data: '{"topic":"room","data":"Ada"}' }]);
      assert.equal(server.stats().published, 1);

      await type(endpoint, 'room');
      await publish(endpoint, 'room', 'again');
      const back = await openEventStream(t, endpoint, { topic: 'room', lastEventId: '1', encoding: 'json' });
      const missed = await back.next();
      assert.equal(missed.kind === 'message' && missed.id, 2);
      assert.deepEqual(back.others, []);
    });
  }

  test('refuses a kind that it does not know, and any where nothing is relayed', async (t) => {
    const known = { stage: 'sse', variant: 'shared', fixture: SSE_FIXTURE, frees: 'at-disconnect' } as const;
    const unknown = await type((await start(t, known)).endpoint, 'room', 'shouting');
    assert.equal(unknown.status, 400);
    assert.match(unknown.body, /x-kind: shouting/);
    const poll = { ...known, stage: 'poll', variant: 'short' };
    assert.equal((await type((await start(t, poll)).endpoint, 'room')).status, 400);
  });
});
