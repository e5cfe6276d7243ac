import { chunkedBody } from './driverConformanceStreams.ts';
import type { DriverFixture, Reading, Said } from './driverFixture.ts';

const STREAM_HEAD = 'HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n';
export const IDENTITY = `${STREAM_HEAD}Connection: close\r\n\r\n`;
export const CHUNKED = `${STREAM_HEAD}Transfer-Encoding: chunked\r\n\r\n`;

const stream = (what: string, body: string, messages: readonly string[]): Reading => ({
  what,
  answer: () => body,
  messages,
});
const refusal = (what: string, answer: string, detail: RegExp): Reading => ({
  what,
  answer: () => answer,
  messages: [],
  opened: false,
  reason: 'bad-content-type',
  retryable: false,
  detail,
});

const STREAMS: readonly Reading[] = [
  stream('LF', `${IDENTITY}data: one\n\ndata: two\n\n`, ['one', 'two']),
  stream('CRLF', `${IDENTITY}data: one\r\n\r\ndata: two\r\n\r\n`, ['one', 'two']),
  stream('bare CR', `${IDENTITY}data: one\r\rdata: two\r\r: end\n`, ['one', 'two']),
  stream('data of several lines', `${IDENTITY}data: first\ndata: second\n\ndata: next\n\n`, [
    'first',
    'next',
  ]),
  stream('comments', `${IDENTITY}: hello\n\ndata: one\n: between\n\n:\n\ndata: two\n\n`, ['one', 'two']),
  stream('a byte order mark', `${IDENTITY}\u00ef\u00bb\u00bfdata: one\n\n`, ['one']),
  stream('no blank after the colon', `${IDENTITY}data:one\n\ndata:  two\n\n`, ['one', ' two']),
  stream('unknown fields', `${IDENTITY}foo: bar\ndata: one\nbaz\n\n`, ['one']),
  stream('events without data', `${IDENTITY}id: 1\n\nevent: x\n\n\n\ndata: one\n\n`, ['one']),
  stream('named events', `${IDENTITY}event: update\ndata: one\n\nevent: message\ndata: two\n\n`, [
    'one',
    'two',
  ]),
  stream('half an event at the end', `${IDENTITY}data: one\n\ndata: never\n`, ['one']),
  stream('half a line at the end', `${IDENTITY}data: one\n\ndata: nev`, ['one']),
  stream('a body of known length', `${STREAM_HEAD}Content-Length: 11\r\n\r\ndata: one\n\n`, ['one']),
  stream('chunks as the events', CHUNKED + chunkedBody(['data: one\n\n', 'data: two\n\n']), ['one', 'two']),
  stream('chunks across the events', CHUNKED + chunkedBody(['da', 'ta: one', '\n', '\ndata: t', 'wo\n\n']), [
    'one',
    'two',
  ]),
  stream('chunks of one byte', CHUNKED + chunkedBody([...'data: one\n\ndata: two\n\n']), ['one', 'two']),
  stream('trailers', CHUNKED + chunkedBody(['data: one\n\n'], '0\r\nX-Trailer: y\r\n\r\n'), ['one']),
  stream('an interim answer', `HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n${IDENTITY}data: one\n\n`, [
    'one',
  ]),
  stream('the end of the connection inside a chunk', `${CHUNKED}ff\r\ndata: one\n\ndata: tw`, ['one']),
  {
    ...stream('heartbeat events', `${IDENTITY}event: heartbeat\ndata: -\n\ndata: one\n\n`, ['one']),
    heartbeats: 1,
  },
  {
    ...stream('comments of ping', `${IDENTITY}: ping\n\n:ping 2\n: pong\n\n`, []),
    heartbeats: 2,
    leanOnly: true,
  },
  { ...stream('gaps', `${IDENTITY}event: gap\ndata: {}\n\ndata: one\n\n`, ['one']), gaps: 1 },
  { ...stream('delays', `${IDENTITY}retry: 2500\n\nretry: soon\n\n`, []), retries: [2_500], leanOnly: true },
  {
    ...stream('a damaged chunk', `${CHUNKED}${chunkedBody(['data: one\n\n'], '')}zz\r\n`, ['one']),
    reason: 'bad-protocol',
  },
];

const REFUSALS: readonly Reading[] = [
  refusal('html', 'HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<p>', /text\/html/),
  refusal('no content type', 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi', /no content type/),
  { ...refusal('204', 'HTTP/1.1 204 No Content\r\n\r\n', /^HTTP 204$/), reason: 'bad-status' },
];

const BODY =
  'id: 7\r\ndata: one\r\ndata: more\r\n\r\n: ping\n\nevent: gap\ndata: -\n\nretry: 90\rdata: two\r\r\n';
const SAMPLES: readonly [what: string, answer: string][] = [
  ['an identity body', IDENTITY + BODY],
  ['a chunked body', CHUNKED + chunkedBody([BODY.slice(0, 11), BODY.slice(11, 12), BODY.slice(12)])],
  ['a body of known length', `${STREAM_HEAD}Content-Length: ${BODY.length}\r\n\r\n${BODY}`],
];
const SPLIT: readonly Reading[] = SAMPLES.map(([what, answer]) => ({
  what: `${what} with everything in it`,
  answer: () => answer,
  messages: ['one', 'two'],
  gaps: 1,
  retries: [90],
  heartbeats: 1,
  leanOnly: true,
  split: true,
}));

function eventOf(said: Said): string {
  if (said.kind === 'gap') return 'event: gap\ndata: -\n\n';
  return `${said.id === undefined ? '' : `id: ${said.id}\n`}data: ${said.data}\n\n`;
}

/** Event streams over HTTP/1.1. */
export const sseFixture: DriverFixture = {
  name: 'event stream',
  protocol: 'sse',
  path: '/events',
  polling: null,
  endsWithConnection: true,
  endReason: 'closed-by-server',
  tellsGaps: true,
  ids: ['41', '007', 'opaque/a-1', '18446744073709551615'],
  asks: [/\r\naccept: text\/event-stream\r\n/i],
  readings: [...STREAMS, ...REFUSALS, ...SPLIT],
  // Chunked: a client cannot tell the reset of a body that only its close delimits from its end.
  speak: (connection, said) => connection.send(CHUNKED + chunkedBody(said.map(eventOf), '')),
  finish: async (connection) => connection.end(),
  dataOf: (message) => message.split('\n')[0],
  resumesAfter: (request) => /\r\nlast-event-id: (.*)\r\n/i.exec(request)?.[1] ?? null,
};
