import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { status } from '@grpc/grpc-js';
import { emptyEnvelope } from '../../contract/envelope.ts';
import { PUBLISH_FIELDS_GRPC, PUBLISH_PATH_GRPC } from '../../contract/grpc.ts';
import { PLAIN_PUBLISHER } from '../../contract/publisherControl.ts';
import { type Answer, PlainInstance } from '../../test/instanceFixture.ts';
import { CallConnection } from './callConnection.ts';
import { PayloadWriter } from './payload.ts';

/** An instance, and what a publisher is told to call it one by one. */
async function oneInstance(t: TestContext) {
  const server = await PlainInstance.start('a');
  t.after(() => server.stop());
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
  return { server, calls, start };
}

/** Four messages, one call at a time: the first two are made, the others wait. */
async function oneByOne(t: TestContext, firstAnswer: Answer) {
  const { server, calls, start } = await oneInstance(t);
  server.answer = firstAnswer;
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

test('metadata names the topic of each call', async (t) => {
  const { server, calls, start } = await oneInstance(t);
  const headers = { 'x-room': 'room {topic}', authorization: 'Bearer p' };
  const answered = Promise.withResolvers<void>();
  const connection = new CallConnection(
    { ...start, headers },
    calls,
    new PayloadWriter(start.payloadBytes, start.run),
    {
      posted: () => {},
      answered: (index) => (index === 2 ? answered.resolve() : connection.flush()),
      retried: () => assert.fail('nothing is to be tried again'),
      orphaned: () => false,
    },
  );
  t.after(() => connection.stop());
  for (const [index, stream] of [7, 12, 7].entries()) {
    connection.enqueue({ ...emptyEnvelope(), index, stream });
  }
  connection.flush();
  await answered.promise;
  assert.deepEqual(
    server.metadata.map((one) => [one['x-room'], one.authorization]),
    ['room t7', 'room t12', 'room t7'].map((room) => [room, 'Bearer p']),
  );
});
