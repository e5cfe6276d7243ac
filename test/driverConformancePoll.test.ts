import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { CloseReason, DriverInfo } from '../contract/loadDriver.ts';
import { DRIVERS } from '../runners/drivers/registry.ts';
import { type DriverScript, exchange } from './driverConformanceExchange.ts';
import { isWholeHead } from './driverConformanceServer.ts';
import {
  answerOf,
  heldPollFixture,
  listOf,
  NOTHING,
  payload,
  REDIRECT,
  statePollFixture,
} from './driverFixturePoll.ts';
import { type Answerer, type PolledLog, pollExchange } from './pollExchange.ts';

const state = (data: string, headers = ''): string => answerOf('200 OK', payload(data), headers);
const CLOSE = 'Connection: close\r\n';

/** Answers poll after poll and keeps the connection. */
const answering =
  (...answers: readonly string[]): Answerer =>
  async (connection) => {
    for (const answer of answers) await connection.answer(answer);
  };
/** Answers poll after poll, and closes after the last. */
const closing =
  (...answers: readonly string[]): Answerer =>
  async (connection) => {
    await answering(...answers)(connection);
    connection.end();
  };
const last = answering(REDIRECT);

interface Row {
  readonly what: string;
  readonly connections: readonly Answerer[];
  readonly messages: readonly string[];
  /** @default 'bad-status' */
  readonly reason?: CloseReason;
  readonly detail?: RegExp;
  readonly connectTimeoutMs?: number;
  /** @default `{ failed: 1 }`: the redirect that ends it. */
  readonly figures?: Partial<PolledLog['figures']>;
  /** @default 0 */
  readonly protocolErrors?: number;
  readonly leanOnly?: boolean;
}

const ROWS: readonly Row[] = [
  {
    what: 'opens a connection for each poll where the server closes after each answer',
    connections: [closing(state('one', CLOSE)), closing(state('two', CLOSE)), last],
    messages: ['one', 'two'],
    figures: { failed: 1, connections: 3, sent: 3, answered: 3 },
  },
  {
    what: 'leaves a connection that the server said it would close, and did not',
    connections: [answering(state('one', CLOSE)), last],
    messages: ['one'],
    figures: { failed: 1, connections: 2 },
  },
  {
    what: 'takes HTTP/1.0 for what closes',
    connections: [closing(state('one').replace('HTTP/1.1', 'HTTP/1.0')), last],
    messages: ['one'],
    figures: { failed: 1, connections: 2 },
  },
  {
    what: 'reads a body that the end of the connection ends',
    connections: [closing(`HTTP/1.1 200 OK\r\n\r\n${payload('one')}`), last],
    messages: ['one'],
    figures: { failed: 1, connections: 2, answered: 2 },
  },
  {
    what: 'takes the close of a resting connection for no failure',
    connections: [closing(state('one')), closing(state('two')), last],
    messages: ['one', 'two'],
    figures: { failed: 1, connections: 3, sent: 3, answered: 3 },
  },
  {
    what: 'asks again, once, where a used connection ends before the answer',
    connections: [
      async (connection) => {
        await connection.answer(state('one'));
        await connection.answer('');
        connection.end();
      },
      last,
    ],
    messages: ['one'],
    figures: { failed: 1, connections: 2, sent: 2, answered: 2 },
  },
  {
    what: 'asks again where a used connection is reset before the answer',
    connections: [
      async (connection) => {
        await connection.answer(state('one'));
        await connection.answer('');
        connection.reset();
      },
      last,
    ],
    messages: ['one'],
    figures: { failed: 1, connections: 2, sent: 2, answered: 2 },
  },
  {
    what: 'is closed where the second try fails as well',
    connections: [closing(state('one'), ''), closing('')],
    messages: ['one'],
    reason: 'closed-by-server',
    figures: { failed: 1, connections: 2, sent: 2, answered: 1 },
  },
  {
    what: 'is closed where an answer ends early',
    connections: [closing('HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\nhalf')],
    messages: [],
    reason: 'closed-by-server',
    figures: { failed: 1, sent: 1, answered: 0 },
  },
  {
    what: 'is closed where a chunked answer ends early',
    connections: [closing('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nff\r\nhalf')],
    messages: [],
    reason: 'closed-by-server',
  },
  {
    what: 'is closed where an answer is stuck in its head',
    connections: [answering('HTTP/1.1 200 OK\r\nContent-')],
    messages: [],
    reason: 'timeout',
    connectTimeoutMs: 60,
  },
  {
    what: 'is closed where a later answer is stuck, and counts the polls that were due meanwhile as skipped',
    connections: [answering(state('one'), 'HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\nhalf')],
    messages: ['one'],
    reason: 'timeout',
    connectTimeoutMs: 60,
    figures: { failed: 1, sent: 2, answered: 1 },
  },
  {
    what: 'trusts no connection with more bytes than the answer has',
    connections: [answering(`${state('one')}surplus`), last],
    messages: ['one'],
    figures: { failed: 1, connections: 2 },
    protocolErrors: 1,
    leanOnly: true,
  },
  {
    what: 'trusts no connection with an answer that nobody asked for',
    connections: [
      async (connection) => {
        await connection.answer(state('one', ''));
        await connection.send(answerOf('408 Request Timeout', ''));
      },
      last,
    ],
    messages: ['one'],
    leanOnly: true,
    figures: { connections: 2 },
    protocolErrors: 1,
  },
  {
    what: 'lives through single failures, and is closed by three in a row',
    connections: [
      answering(
        state('one'),
        answerOf('404 Not Found', ''),
        answerOf('500 Oops', ''),
        state('two'),
        ...Array(3).fill(answerOf('404 Not Found', '')),
      ),
    ],
    messages: ['one', 'two'],
    detail: /^HTTP 404$/,
    figures: { failed: 5, sent: 7, answered: 7 },
  },
  {
    what: 'stays however often it is told to come later',
    connections: [
      answering(
        state('one'),
        ...Array(5).fill(answerOf('429 Too Many Requests', '', 'Retry-After: 0\r\n')),
        answerOf('503 Busy', ''),
        state('two'),
        REDIRECT,
      ),
    ],
    messages: ['one', 'two'],
    figures: { failed: 7, sent: 9 },
  },
  {
    what: 'follows no redirect that comes later',
    connections: [answering(state('one'), REDIRECT)],
    messages: ['one'],
    detail: /302, Location: \/elsewhere$/,
  },
];

for (const info of DRIVERS.filter(({ protocol }) => protocol === 'poll')) {
  describe(`poll ${info.kind} driver over several polls`, () => {
    for (const row of ROWS) {
      if (row.leanOnly === true && info.kind !== 'lean') continue;
      it(row.what, () => assertRow(info, row));
    }
    states(info);
    cursors(info);
  });
}

async function assertRow(info: DriverInfo, row: Row): Promise<void> {
  const { connections, connectTimeoutMs, figures = { failed: 1 }, reason = 'bad-status' } = row;
  const log = await pollExchange(info, statePollFixture, connections, { connectTimeoutMs });
  assert.deepEqual([log.messages, log.detail.reason], [row.messages, reason], log.detail.detail);
  if (row.detail !== undefined) assert.match(log.detail.detail, row.detail);
  assert.partialDeepStrictEqual(log.figures, figures);
  assert.equal(log.counters.protocolErrors, row.protocolErrors ?? 0);
  if (reason === 'timeout' && row.messages.length > 0) assert.ok(log.figures.skipped > 0);
}

function states(info: DriverInfo): void {
  const run = (...answers: readonly string[]): Promise<PolledLog> =>
    pollExchange(info, statePollFixture, [answering(...answers, REDIRECT)]);
  const conditionsOf = ({ requests }: PolledLog): (string | undefined)[] =>
    requests.map((request) => /\r\nif-none-match: (.*)\r\n/i.exec(request)?.[1]);

  it('asks by the tag of the last state, and by none where that had none', async () => {
    const notModified = 'HTTP/1.1 304 Not Modified\r\nETag: "9"\r\n\r\n';
    const log = await run(
      state('one', 'ETag: "9"\r\n'),
      notModified,
      NOTHING,
      state('two', 'ETag: W/"x"\r\n'),
      state('three'),
    );
    assert.deepEqual(conditionsOf(log), [undefined, '"9"', '"9"', '"9"', 'W/"x"', undefined]);
    assert.deepEqual(log.messages, ['one', 'two', 'three']);
    assert.equal(log.figures.empty, 2);
    if (info.kind === 'lean') {
      const bytes = log.requests[1].length + notModified.length + log.requests[2].length + NOTHING.length;
      assert.equal(log.figures.emptyBytes, bytes);
    }
  });

  it('ignores tags that are none', async () => {
    const log = await run(
      ...['17', '"a"b"', 'w/"1"', `"${'x'.repeat(2_000)}"`].map((tag) => state('x', `ETag: ${tag}\r\n`)),
    );
    assert.deepEqual(conditionsOf(log), Array(5).fill(undefined));
  });

  it('counts a state that was shown before as empty, and tells one that goes back', async () => {
    const [one, two] = [state('one'), state('two')];
    const { messages, figures } = await run(one, one, two, two, one, two);
    assert.deepEqual(messages, ['one', 'two', 'one']);
    assert.deepEqual([figures.answered, figures.empty], [7, 4]);
  });

  it('finds a message under base64, and tells whether it is new', async () => {
    const encoded = answerOf('200 OK', Buffer.from(payload('one'), 'latin1').toString('base64'));
    const { messages, figures } = await run(encoded, encoded, state('two'));
    assert.deepEqual([messages.length, messages[1], figures.empty], [2, 'two', 1]);
  });
}

function cursors(info: DriverInfo): void {
  const run = (...connections: readonly Answerer[]): Promise<PolledLog> =>
    pollExchange(info, heldPollFixture, connections);
  const list = (data: string, cursor: string): string => listOf([{ kind: 'message', data, id: cursor }]);

  it('goes on from the cursor of each answer, over connections too', async () => {
    const log = await run(
      closing(list('one', '5'), `HTTP/1.1 204 No Content\r\nX-Cursor: 8\r\n${CLOSE}\r\n`),
      answering(list('two', 'a/b'), answerOf('200 OK', payload('three')), REDIRECT),
    );
    assert.deepEqual(log.requests.map(heldPollFixture.resumesAfter), [null, '5', '8', 'a/b', 'a/b']);
    assert.deepEqual(log.messages, ['one', 'two', 'three']);
    assert.deepEqual([log.figures.empty, log.figures.connections, log.figures.skipped], [1, 2, 0]);
  });

  it('goes on from where it was after a failed poll', async () => {
    const log = await run(answering(list('one', '5'), answerOf('500 Oops', '', 'X-Cursor: 9\r\n'), REDIRECT));
    assert.deepEqual(log.requests.map(heldPollFixture.resumesAfter), [null, '5', '5']);
  });

  it('is open as soon as it asks on, though the answer comes only with the next event', async () => {
    const first: DriverScript = () => async (connection) => {
      await connection.send(list('one', '5'));
      await connection.next(isWholeHead);
      await connection.send(REDIRECT);
    };
    const held: DriverScript = () => (connection) => connection.closed.then(() => {});
    let openings = 0;
    const { attempts } = await exchange(info, heldPollFixture, [first, held], {
      onOpened: (driver) => {
        if (++openings === 2) driver.close(0);
      },
    });
    assert.deepEqual(
      attempts.map(({ opened, detail }) => [opened, detail?.reason]),
      [
        [1, 'bad-status'],
        [1, 'closed-by-client'],
      ],
    );
  });

  it('tells each gap', async () => {
    const log = await run(answering(listOf([{ kind: 'gap' }]), listOf([{ kind: 'gap' }]), REDIRECT));
    assert.equal(log.gaps, 2);
  });
}
