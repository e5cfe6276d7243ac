import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DEFAULT_SERVER_LIMITS } from '../contract/pushServer.ts';
import { exchange, publish, range, type Subject, start, until } from './serverConformanceClient.ts';

const STATE = '/state?topic=t1';

/** Limits of a server that closes after each answer: a poller is there only while it asks. */
export function shortPollLimitTests(subject: Subject): void {
  test('refuses pollers above the limit of connections', async (t) => {
    const limits = { ...DEFAULT_SERVER_LIMITS, maxConnections: 2 };
    const { endpoint, server } = await start(t, subject, { limits, backendDelayMs: 100 });
    await publish(endpoint, 't1', 'x');
    const answers = await Promise.all(range(1, 5).map(() => exchange(endpoint, STATE)));
    const statuses = answers.map(({ status }) => status).sort();
    assert.deepEqual(statuses, [200, 200, 503, 503, 503]);
    for (const { status, headers } of answers) {
      if (status === 503) assert.deepEqual([headers['retry-after'], headers.connection], ['5', 'close']);
    }
    await until(() => server.stats().connections === 0);
    assert.deepEqual([server.stats().accepted, server.stats().refused], [2, 3]);
    assert.equal((await exchange(endpoint, STATE)).status, 200);
  });
}
