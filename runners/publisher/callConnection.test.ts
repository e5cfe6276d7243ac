import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { status } from '@grpc/grpc-js';
import { emptyEnvelope } from '../../contract/envelope.ts';
import { PUBLISH_FIELDS_GRPC, PUBLISH_PATH_GRPC } from '../../contract/grpc.ts';
import { PLAIN_PUBLISHER } from '../../contract/publisherControl.ts';
import { type Answer, PlainInstance } from '../../test/instanceFixture.ts';
import { CallConnection } from './callConnection.ts';
import { PayloadWriter } from './payload.ts';

/** Four messages, one call at a time: the first two are made, the others wait. */
async function oneByOne(t: TestContext, firstAnswer: Answer) {
  const server = await PlainInstance.start('a');
  t.after(() => server.stop());
  server.answer = firstAnswer;
  const calls = {
    path: PUBLISH_PATH_GRPC,
    fields: PUBLISH_FIELDS_GRPC,
    balance: 'pick_first' as const,
    directory: null,
    instances: [server.instance],
  };
  const start = {
    run: 5,
    streams: 1,
    payloadBytes: 64,
    urls: [],
    publishTo: 'any-node' as const,
    batch: false,
    depth: 1,
    headers: {},
    topicHeader: false,
    ...PLAIN_PUBLISHER,
    calls,
  };
  const clock = { us: 1_000 };
  const outcomes: [number, string][] = [];
  const second = Promise.withResolvers<void>();
  const connection = new CallConnection(
    start,
    calls,
    new PayloadWriter(start.payloadBytes, start.run),
    {
      posted: ({ index }) => {
        if (index === 1) second.resolve();
      },
      answered: (index, outcome) => {
        server.answer = 'hold';
        // By then the first call has been under way for three seconds.
        if (index === 0) clock.us += 3e6;
        outcomes.push([index, outcome]);
      },
      retried: () => assert.fail('nothing is to be tried again'),
      orphaned: () => false,
    },
    () => clock.us,
  );
  t.after(() => connection.stop());
  for (const index of [0, 1, 2, 3]) connection.enqueue({ ...emptyEnvelope(), index });
  connection.flush();
  await second.promise;
  return { connection, clock, outcomes };
}

for (const [what, firstAnswer, silentUs, expected] of [
  [
    'it answered once, 5 s ago: all that waited has failed',
    'take',
    5e6,
    ['sent', 'failed', 'failed', 'failed'],
  ],
  ['it answered less than 5 s ago, and may be slow', 'take', 4_999_999, ['sent', 'failed']],
  [
    'a call ran out of time and the next one is silent too, 5 s in all',
    status.DEADLINE_EXCEEDED,
    2e6,
    ['failed', 'failed', 'failed', 'failed'],
  ],
  ['the same, not yet 5 s in all', status.DEADLINE_EXCEEDED, 1_999_999, ['failed', 'failed']],
] as const) {
  test(`messages that wait for a server that does not answer: ${what}`, async (t) => {
    const { connection, clock, outcomes } = await oneByOne(t, firstAnswer);
    clock.us += silentUs;
    connection.abandon('no answer');
    assert.deepEqual(
      outcomes.sort(([a], [b]) => a - b),
      expected.map((outcome, index) => [index, outcome]),
    );
  });
}
