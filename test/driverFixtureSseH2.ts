import type { Said } from './driverFixture.ts';
import type { H2Fixture, H2Reading } from './h2Fixture.ts';

const HEAD = { ':status': 200, 'content-type': 'text/event-stream' };

type Shown = Partial<Omit<H2Reading, 'what' | 'body' | 'messages'>>;

const reads = (what: string, body: string, messages: readonly string[], shown: Shown = {}): H2Reading => ({
  what,
  body: Buffer.from(body, 'latin1'),
  messages,
  ...shown,
});

const refuses = (status: number, retryable: boolean, shown: Shown = {}): H2Reading =>
  reads(`the HTTP status ${status}`, 'no', [], {
    head: { ':status': status, 'content-type': 'text/plain' },
    opened: false,
    reason: 'bad-status',
    retryable,
    detail: new RegExp(`^HTTP ${status}`),
    ...shown,
  });

const STREAMS: readonly H2Reading[] = [
  reads('LF', 'data: one\n\ndata: two\n\n', ['one', 'two']),
  reads('CRLF', 'data: one\r\n\r\ndata: two\r\n\r\n', ['one', 'two']),
  reads('bare CR', 'data: one\r\rdata: two\r\r: end\n', ['one', 'two']),
  reads('data of several lines', 'data: first\ndata: second\n\ndata: next\n\n', ['first', 'next']),
  reads('a byte order mark', '\u00ef\u00bb\u00bfdata: one\n\n', ['one']),
  reads('events without data', 'id: 1\n\nevent: x\n\n\n\ndata: one\n\n', ['one']),
  reads('half an event at the end', 'data: one\n\ndata: never\n', ['one']),
  reads('a long event', `data: ${'x'.repeat(100_000)}\n\ndata: one\n\n`, ['x'.repeat(40), 'one']),
  reads('many events at once', 'data: x\n\n'.repeat(1_000), Array(1_000).fill('x')),
  reads('heartbeat events', 'event: heartbeat\ndata: -\n\ndata: one\n\n', ['one'], { heartbeats: 1 }),
  reads('comments of ping', ': ping\n\n:ping 2\n: pong\n\n', [], { heartbeats: 2, leanOnly: true }),
  reads('gaps', 'event: gap\ndata: {}\n\ndata: one\n\n', ['one'], { gaps: 1 }),
  reads('delays', 'retry: 2500\n\nretry: soon\n\n', [], { retries: [2_500], leanOnly: true }),
  reads('trailers', 'data: one\n\n', ['one'], { trailers: { 'x-trailer': 'y' } }),
];

const REFUSALS: readonly H2Reading[] = [
  refuses(401, false),
  refuses(404, false),
  refuses(500, true),
  refuses(503, true),
  reads('the HTTP status 429 with a delay', '', [], {
    head: { ':status': 429, 'retry-after': '4' },
    opened: false,
    reason: 'bad-status',
    retryable: true,
    retries: [4_000],
    leanOnly: true,
  }),
  reads('the HTTP status 204', '', [], {
    head: { ':status': 204 },
    opened: false,
    reason: 'bad-status',
    retryable: false,
  }),
  reads('html', '<p>', [], {
    head: { ':status': 200, 'content-type': 'text/html' },
    opened: false,
    reason: 'bad-content-type',
    retryable: false,
    detail: /text\/html/,
  }),
  reads('no content type', 'hi', [], {
    head: { ':status': 200 },
    opened: false,
    reason: 'bad-content-type',
    retryable: false,
    detail: /no content type/,
  }),
];

const SPLIT = reads(
  'a body with everything in it',
  'id: 7\r\ndata: one\r\ndata: more\r\n\r\n: ping\n\nevent: gap\ndata: -\n\nretry: 90\rdata: two\r\r\n',
  ['one', 'two'],
  { gaps: 1, retries: [90], heartbeats: 1, leanOnly: true, split: true },
);

function eventOf(said: Said): string {
  if (said.kind === 'gap') return 'event: gap\ndata: -\n\n';
  return `${said.id === undefined ? '' : `id: ${said.id}\n`}data: ${said.data}\n\n`;
}

/** Event streams over HTTP/2. */
export const sseH2Fixture: H2Fixture = {
  name: 'event stream over HTTP/2',
  protocol: 'sse-h2',
  path: '/events?topic=t0',
  grpc: null,
  head: HEAD,
  trailers: null,
  endReason: 'closed-by-server',
  security: null,
  probeEndsAtGoaway: true,
  ids: ['41', '007', 'opaque/a-1', '18446744073709551615'],
  asks: { ':method': 'GET', accept: 'text/event-stream' },
  readings: [...STREAMS, ...REFUSALS, SPLIT],
  encode: (said) => Buffer.from(said.map(eventOf).join(''), 'latin1'),
  dataOf: (message) => message.split('\n')[0].slice(0, 40),
  resumesAfter: ({ headers }) => {
    const id = headers['last-event-id'];
    return typeof id === 'string' ? id : null;
  },
};
