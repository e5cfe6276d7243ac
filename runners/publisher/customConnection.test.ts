import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { ENVELOPE_BYTES, emptyEnvelope, MARKER } from '../../contract/envelope.ts';
import { PLAIN_PUBLISHER, type PublisherStart } from '../../contract/publisherControl.ts';
import { connectOf } from './connect.ts';
import { CustomConnection } from './customConnection.ts';
import { PayloadWriter } from './payload.ts';
import type { Outcome } from './publishConnection.ts';

const START: PublisherStart = {
  run: 5,
  streams: 2,
  payloadBytes: 64,
  urls: [],
  publishTo: 'any-node',
  batch: false,
  depth: 2,
  headers: { authorization: 'Bearer s3cr3t' },
  topicHeader: false,
  ...PLAIN_PUBLISHER,
};

interface Call {
  readonly topic: string;
  readonly payload: string;
  readonly answer: PromiseWithResolvers<void>;
}

/** A connection to a publisher whose answers the test gives, and what it told of each message. */
function connectionOf() {
  const calls: Call[] = [];
  const outcomes: [index: number, outcome: Outcome, ackUs: number, detail: string][] = [];
  const posted: number[] = [];
  const clock = { us: 1_000 };
  const publish = (topic: string, payload: string): Promise<void> => {
    const answer = Promise.withResolvers<void>();
    calls.push({ topic, payload, answer });
    return answer.promise;
  };
  const connection = new CustomConnection(
    START,
    { publish, close: () => {} },
    new PayloadWriter(START.payloadBytes, START.run),
    {
      posted: ({ sentUs }) => posted.push(sentUs),
      answered: (...told) => outcomes.push(told),
      retried: () => assert.fail('nothing is to be tried again'),
      orphaned: () => false,
    },
    () => clock.us,
  );
  for (const index of [0, 1, 2, 3]) connection.enqueue({ ...emptyEnvelope(), stream: index % 2, index });
  connection.flush();
  return { connection, calls, outcomes, posted, clock };
}

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('a publisher of the user', () => {
  it('gets room and payload of as many messages at once as may be under way', async () => {
    const { calls, outcomes, posted, clock, connection } = connectionOf();
    assert.deepEqual(
      [calls.map(({ topic }) => topic), posted],
      [
        ['t0', 't1'],
        [1_000, 1_000],
      ],
    );
    for (const { payload } of calls) {
      assert.equal(payload.length, START.payloadBytes);
      assert.ok(payload.startsWith(MARKER) && payload.length > ENVELOPE_BYTES);
    }
    clock.us = 1_300;
    calls[1].answer.resolve();
    await settled();
    assert.deepEqual(outcomes, [[1, 'sent', 300, '']]);
    assert.deepEqual(
      [calls.length, posted.at(-1)],
      [3, 1_300],
      'the next one goes out, stamped when it does',
    );
    connection.stop();
  });

  it('tells what was refused, and what failed and why, without secrets', async () => {
    const { calls, outcomes, connection } = connectionOf();
    calls[0].answer.reject(Object.assign(new Error('slow down'), { refused: true }));
    calls[1].answer.reject(new Error('no Bearer s3cr3t here'));
    await settled();
    assert.deepEqual(
      outcomes.map(([, outcome, , detail]) => [outcome, detail]),
      [
        ['refused', 'slow down'],
        ['failed', 'no … here'],
      ],
    );
    connection.stop();
  });

  for (const [what, silentUs, expected] of [
    ['5 s: what waits has failed as well', 5e6, ['failed', 'failed', 'failed', 'failed']],
    ['less: it may be slow, and what waits was never tried', 4_999_999, ['failed', 'failed']],
  ] as const) {
    it(`gives up where the server has been silent for ${what}`, () => {
      const { connection, clock, outcomes } = connectionOf();
      clock.us += silentUs;
      connection.abandon('no answer');
      assert.deepEqual(
        outcomes.sort(([a], [b]) => a - b).map(([, outcome]) => outcome),
        expected,
      );
    });
  }

  it('counts an answer that comes after it was given up once, and not again', async () => {
    const { connection, calls, outcomes } = connectionOf();
    connection.abandon('no answer');
    for (const { answer } of calls) answer.resolve();
    await settled();
    assert.equal(outcomes.length, 2);
    connection.stop();
  });

  it('skips what is under way and what waits when it stops', () => {
    const { connection, outcomes } = connectionOf();
    connection.stop();
    assert.deepEqual(
      outcomes.map(([, outcome]) => outcome),
      ['skipped', 'skipped', 'skipped', 'skipped'],
    );
  });
});

describe('opening the publisher of a driver module', () => {
  for (const [what, publisher, pattern] of [
    ['rejects', `() => Promise.reject(new Error('not Bearer s3cr3t'))`, /does not open: not …$/],
    ['resolves with something else', `async () => ({})`, /without `publish` and `close`/],
  ] as const) {
    it(`says so where it ${what}`, async () => {
      const folder = await mkdtemp(join(tmpdir(), 'pushbench-driver-'));
      try {
        const module = join(folder, 'driver.mjs');
        await writeFile(module, `export default { connect() {}, publisher: ${publisher} };`);
        const start = { ...START, custom: { module, url: 'http://127.0.0.1:1' } };
        await assert.rejects(connectOf(start), { exitCode: 6, message: pattern });
      } finally {
        await rm(folder, { recursive: true });
      }
    });
  }
});
