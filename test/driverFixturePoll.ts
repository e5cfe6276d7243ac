import { ENVELOPE_BYTES, emptyEnvelope, writeEnvelope } from '../contract/envelope.ts';
import type { PollingOptions } from '../contract/loadDriver.ts';
import { isWholeHead, type ScriptedConnection } from './driverConformanceServer.ts';
import { chunkedBody } from './driverConformanceStreams.ts';
import type { DriverFixture, Reading, Said } from './driverFixture.ts';

let nextSeq = 0;

/** A message as a publisher makes it: a token that no other message has, and what a test compares. */
export function payload(data: string): string {
  const token = Buffer.alloc(ENVELOPE_BYTES);
  writeEnvelope(token, 0, { ...emptyEnvelope(), run: 7, seq: nextSeq++ });
  return token.toString('latin1') + data;
}

/** What a test compares of the bytes that a driver hands over from a token on. */
function dataOf(message: string): string {
  return /^[\w~.-]{41}(\w*)/.exec(message)?.[1] ?? message;
}

export function answerOf(status: string, body: string, headers = ''): string {
  return `HTTP/1.1 ${status}\r\n${headers}Content-Length: ${body.length}\r\n\r\n${body}`;
}

export const NOTHING = 'HTTP/1.1 204 No Content\r\n\r\n';
/** Ends an attempt: a driver does not follow it. */
export const REDIRECT = answerOf('302 Found', '', 'Location: /elsewhere\r\n');

/** Answers the polls of a connection one by one; the first is there already. @returns whether all were asked for. */
export async function answerPolls(
  connection: ScriptedConnection,
  answers: readonly string[],
): Promise<boolean> {
  for (const [i, answer] of answers.entries()) {
    if (i > 0 && (await connection.next(isWholeHead)) === null) return false;
    await connection.send(answer);
  }
  return true;
}

async function finish(connection: ScriptedConnection): Promise<void> {
  if ((await connection.next(isWholeHead)) !== null) await connection.send(REDIRECT);
}

const reads = (
  what: string,
  answer: () => string,
  messages: readonly string[],
  more: Partial<Reading> = {},
): Reading => ({
  what,
  answer,
  messages,
  ...more,
});
const damaged = (what: string, answer: () => string, more: Partial<Reading> = {}): Reading =>
  reads(what, answer, [], { opened: false, reason: 'bad-protocol', retryable: true, ...more });
const refused = (status: string, retryable: boolean, headers = '', more: Partial<Reading> = {}): Reading =>
  reads(`the answer ${status}`, () => answerOf(status, 'no', headers), [], {
    opened: false,
    reason: 'bad-status',
    retryable,
    detail: new RegExp(`^HTTP ${status.slice(0, 3)}`),
    ...more,
  });

const LEAN = { leanOnly: true } as const;
const SPLIT = { leanOnly: true, split: true } as const;
const chunkedOf = (parts: readonly string[], last?: string): string =>
  `HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n${chunkedBody(parts, last)}`;
const halves = (text: string): string[] => [text.slice(0, 30), text.slice(30)];

/** What every kind of poll must make of an answer. */
const ANSWERS: readonly Reading[] = [
  reads('a body of known length', () => answerOf('200 OK', payload('one')), ['one'], SPLIT),
  reads('a body in one chunk', () => chunkedOf([payload('one')]), ['one'], SPLIT),
  reads('a token across chunks', () => chunkedOf(halves(payload('one'))), ['one'], SPLIT),
  reads('chunks of one byte', () => chunkedOf([...payload('one')]), ['one']),
  reads('a chunked body with trailers', () => chunkedOf([payload('one')], '0\r\nX-Trailer: y\r\n\r\n'), [
    'one',
  ]),
  reads(
    'an early hint before',
    () => `HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n${answerOf('200 OK', payload('one'))}`,
    ['one'],
    SPLIT,
  ),
  reads('JSON around the message', () => answerOf('200 OK', `{"id":1,"data":"${payload('one')}"}`), ['one']),
  reads('damaged JSON around the message', () => answerOf('200 OK', `{"id":1,,"data":"${payload('one')}`), [
    'one',
  ]),
  reads('a message far inside the body', () => answerOf('200 OK', ' '.repeat(100_000) + payload('one')), [
    'one',
  ]),
  reads('a megabyte', () => answerOf('200 OK', payload('one') + '~'.repeat(1_000_000)), ['one']),
  reads('binary around the message', () => answerOf('200 OK', `\0\xff\x0a${payload('one')}\xff`), ['one']),
  reads('no token', () => answerOf('200 OK', '<p>hello</p>', 'Content-Type: text/html\r\n'), []),
  reads('an empty body', () => answerOf('200 OK', ''), []),
  reads('half a token', () => answerOf('200 OK', payload('').slice(0, 40)), []),
  reads('204', () => NOTHING, [], SPLIT),
  reads('204 that promises a body', () => 'HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\n', [], LEAN),
  refused('400 Bad Request', false),
  refused('401 Unauthorized', false),
  refused('403 Forbidden', false),
  refused('206 Partial Content', false),
  refused('408 Request Timeout', true, '', LEAN),
  refused('502 Bad Gateway', true),
  refused('301 Moved', false, 'Location: /there\r\n', { detail: /301, Location: \/there$/ }),
  refused('429 Too Many Requests', true, 'Retry-After: 7\r\n', { retries: [7_000] }),
  refused('503 Service Unavailable', true, 'Retry-After: 2\r\n', { retries: [2_000] }),
  refused('503 Service Unavailable', true, 'Retry-After: soon\r\n', { retries: [] }),
  refused('503 Service Unavailable', true, '', { retries: [] }),
  reads('101', () => 'HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n', [], {
    opened: false,
    reason: 'bad-status',
    retryable: false,
    ...LEAN,
  }),
  damaged('a damaged chunk', () => `${chunkedOf([payload('one')], '')}zz\r\n`),
  damaged('a length that is no number', () => 'HTTP/1.1 200 OK\r\nContent-Length: ten\r\n\r\n1234567890'),
  damaged('a coding nobody asked for', () => 'HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\nx', LEAN),
  damaged('a body beyond 16 MiB', () => answerOf('200 OK', 'x'.repeat(17 * 1_048_576)), {
    detail: /16777216|exceeded/,
  }),
];

const UNASKED_304 = refused('304 Not Modified', false, '', {
  answer: () => 'HTTP/1.1 304 Not Modified\r\n\r\n',
});

const polling = (mode: PollingOptions['mode']): PollingOptions => ({
  mode,
  intervalMs: 3,
  jitter: 0,
  backoff: 1,
  seed: 1,
});

function stateOf(said: Said): string {
  if (said.kind === 'gap') throw new Error('a state has no gap');
  return answerOf('200 OK', payload(said.data), said.id === undefined ? '' : `ETag: "${said.id}"\r\n`);
}

/** Polls for the newest state. */
export const statePollFixture: DriverFixture = {
  name: 'polls on an interval',
  protocol: 'poll',
  path: '/state?topic=t0',
  polling: polling('interval'),
  endsWithConnection: false,
  endReason: 'bad-status',
  tellsGaps: false,
  ids: ['41', '007', 'opaque/a-1', '18446744073709551615'],
  asks: [/\r\nhost: 127\.0\.0\.1:\d+\r\n/i],
  readings: [...ANSWERS, UNASKED_304],
  speak: async (connection, said) => {
    await answerPolls(connection, said.length === 0 ? [NOTHING] : said.map(stateOf));
  },
  finish,
  dataOf,
  resumesAfter: (request) => /\r\nif-none-match: "(.*)"\r\n/i.exec(request)?.[1] ?? null,
};

/** One list with everything in it. */
export function listOf(said: readonly Said[]): string {
  const messages = said.flatMap((each) => (each.kind === 'message' ? [each] : []));
  const id = messages.findLast((message) => message.id !== undefined)?.id;
  const cursor = id === undefined ? '' : `X-Cursor: ${id}\r\n`;
  const gap = messages.length < said.length ? 'X-Gap: 1-2\r\n' : '';
  const events = messages.map(({ data }) => `{"data":"${payload(data)}"}`).join(',');
  return answerOf('200 OK', `{"events":[${events}]}`, cursor + gap);
}

/** Held polls. */
export const heldPollFixture: DriverFixture = {
  ...statePollFixture,
  name: 'held polls',
  path: '/poll?topic=t0',
  polling: polling('held'),
  tellsGaps: true,
  readings: [
    ...ANSWERS,
    reads('many messages', () => listOf(Array(50).fill({ kind: 'message', data: 'x' })), Array(50).fill('x')),
    reads(
      'messages across chunks',
      () => chunkedOf(halves(payload('one') + payload('two'))),
      ['one', 'two'],
      SPLIT,
    ),
  ],
  speak: async (connection, said) => {
    await answerPolls(connection, [listOf(said)]);
  },
  resumesAfter: (request) => {
    const cursor = /^GET \S*&cursor=(\S*) HTTP/.exec(request)?.[1];
    return cursor === undefined ? null : decodeURIComponent(cursor);
  },
};
