import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DEFAULT_FLOW_LIMITS, waterMarks } from '../contract/flow.ts';
import {
  idsOf,
  publish,
  publishBatch,
  range,
  type Subject,
  start,
  textOf,
} from './serverConformanceClient.ts';

export function resumeTests(subject: Subject): void {
  const { subscribe, resumesByHeader, neverAssigned } = subject.fixture;

  test('gives a client that comes back exactly what it missed, then what is new', async (t) => {
    const { endpoint, server } = await start(t, subject);
    const records = range(1, 20).map((n) => [n % 2 === 0 ? 't1' : 't2', `m${n}`] as const);
    await publishBatch(endpoint, records);
    const subscriber = await subscribe(t, endpoint, { lastEventId: '8' });
    await publish(endpoint, 't1', 'new');
    assert.deepEqual(idsOf(await subscriber.take(7)), [10, 12, 14, 16, 18, 20, 21]);
    assert.equal(server.stats().gaps, 0);
  });

  test('loses and repeats nothing where clients come back while messages flow', async (t) => {
    const { endpoint } = await start(t, subject);
    const total = 3_000;
    const publishing = (async () => {
      for (let n = 0; n < total; n += 100) {
        await publishBatch(
          endpoint,
          range(1, 100).map((i) => ['t1', `${n + i}`] as const),
        );
      }
    })();
    let seen = 0;
    while (seen < total) {
      const subscriber = await subscribe(t, endpoint, { lastEventId: String(seen) });
      const count = Math.min(170, total - seen);
      assert.deepEqual(idsOf(await subscriber.take(count)), range(seen + 1, seen + count));
      subscriber.close();
      seen += count;
    }
    await publishing;
  });

  test('replays far more than a socket holds', async (t) => {
    const { endpoint, server } = await start(t, subject, {
      flow: { ...DEFAULT_FLOW_LIMITS, connectionBytes: waterMarks(100_000) },
    });
    const body = 'x'.repeat(100_000);
    for (let n = 0; n < 100; n += 10) {
      await publishBatch(endpoint, Array(10).fill(['t1', body]));
    }
    // The fan-out goes in order: once this one is out, all the others are history, and none comes live.
    const last = await subscribe(t, endpoint, { topic: 't2' });
    await publish(endpoint, 't2', 'last');
    await last.next();
    const subscriber = await subscribe(t, endpoint, { lastEventId: '0' });
    assert.deepEqual(idsOf(await subscriber.take(100)), range(1, 100));
    assert.equal(server.stats().slowReadersCut, 0);
  });

  test('takes the last id from the query, and from the header first', async (t) => {
    const { endpoint } = await start(t, subject);
    for (const data of ['1', '2', '3']) await publish(endpoint, 't1', data);
    const byQuery = await subscribe(t, endpoint, { query: '&lastEventId=1' });
    assert.deepEqual(idsOf(await byQuery.take(2)), [2, 3]);
    if (!resumesByHeader) return;
    const byBoth = await subscribe(t, endpoint, { query: '&lastEventId=1', lastEventId: '2' });
    assert.deepEqual(idsOf(await byBoth.take(1)), [3]);
  });

  test('tells a client beyond the replay buffer of its gap, once', async (t) => {
    const { endpoint, server } = await start(t, subject, { replayEvents: 5 });
    for (let n = 1; n <= 20; n++) await publish(endpoint, 't1', `m${n}`);
    const subscriber = await subscribe(t, endpoint, { lastEventId: '3' });
    assert.deepEqual(await subscriber.next(), { kind: 'gap', from: 4, to: 15 });
    assert.deepEqual(idsOf(await subscriber.take(5)), range(16, 20));
    assert.equal(server.stats().gaps, 1);

    const again = await subscribe(t, endpoint, { lastEventId: '15' });
    await publish(endpoint, 't1', 'new');
    assert.deepEqual(idsOf(await again.take(6)), range(16, 21));
    assert.equal(server.stats().gaps, 1, 'the id of the gap event is a place to resume from');
  });

  test('tells no gap where only other topics left the buffer', async (t) => {
    const { endpoint, server } = await start(t, subject, { replayEvents: 5 });
    await publish(endpoint, 't1', 'seen');
    for (let n = 0; n < 20; n++) await publish(endpoint, 't2', 'noise');
    const subscriber = await subscribe(t, endpoint, { lastEventId: '1' });
    await publish(endpoint, 't1', 'new');
    assert.equal(textOf(await subscriber.next()), 'new');
    assert.equal(server.stats().gaps, 0);
  });

  for (const lastEventId of neverAssigned) {
    test(`tells a client with an id that was never assigned: ${lastEventId.slice(0, 8)}`, async (t) => {
      const { endpoint } = await start(t, subject);
      await publish(endpoint, 't1', 'first');
      const subscriber = await subscribe(t, endpoint, { lastEventId });
      assert.deepEqual(await subscriber.next(), { kind: 'gap', from: null, to: 0 });
      assert.deepEqual(idsOf(await subscriber.take(1)), [1]);
    });
  }

  test('starts a client that has seen nothing with what comes next', async (t) => {
    const { endpoint } = await start(t, subject);
    await publish(endpoint, 't2', 'before');
    await publish(endpoint, 't1', 'before');
    // Once somebody else has it live, its fan-out is over.
    const resumed = await subscribe(t, endpoint, { lastEventId: '1' });
    await resumed.next();
    const subscriber = await subscribe(t, endpoint, { lastEventId: '' });
    await publish(endpoint, 't1', 'after');
    assert.equal(textOf(await subscriber.next()), 'after');
  });
}
