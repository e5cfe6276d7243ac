import type { DriverFixture, Reading, Said } from './driverFixture.ts';
import { acceptHead, closeFrame, frame, more, text } from './wsFrames.ts';

/** Characters of a message that are compared. */
const COMPARED = 40;

const TWO_BYTES = 'gr\u00c3\u00bc\u00c3\u009fe';
const FOUR_BYTES = '\u00f0\u009f\u0098\u0080';

type Shown = Partial<Omit<Reading, 'what' | 'answer' | 'messages'>>;

const reads = (what: string, frames: string, messages: readonly string[], shown: Shown = {}): Reading => ({
  what,
  answer: (request) => acceptHead(request) + frames,
  messages,
  ...shown,
});
const refuses = (what: string, frames: string, detail: RegExp, shown: Shown = {}): Reading =>
  reads(what, text('one') + frames + text('never'), ['one'], { reason: 'bad-protocol', detail, ...shown });
const ends = (code: number, retryable: boolean): Reading =>
  reads(`close ${code}`, text('one') + closeFrame(code, 'why') + text('never'), ['one'], {
    detail: new RegExp(`^close ${code} why$`),
    retryable,
  });

const SPLIT = { leanOnly: true, split: true } as const;

const MESSAGES: readonly Reading[] = [
  reads('a text and a binary frame', text('one') + frame(2, '\0\xff\x80'), ['one', '\0\xff\x80']),
  reads('empty messages', text('') + frame(2) + text('one'), ['', '', 'one']),
  ...[125, 126, 127, 128, 65_535, 65_536, 200_000].map((bytes) =>
    reads(`a message of ${bytes} bytes`, text('x'.repeat(bytes)) + text('one'), [
      'x'.repeat(COMPARED),
      'one',
    ]),
  ),
  reads('text beyond ASCII', text(TWO_BYTES) + text(FOUR_BYTES), [TWO_BYTES, FOUR_BYTES]),
  reads('many messages in one read', text('x').repeat(1_000), Array(1_000).fill('x')),
  reads('two fragments', text('on', { final: false }) + more('e'), ['one']),
  reads(
    'empty fragments',
    text('', { final: false }) + more('', { final: false }) + more('one', { final: false }) + more(''),
    ['one'],
  ),
  reads('fragments of a binary message', frame(2, '\xff', { final: false }) + more('\xfe'), ['\xff\xfe']),
  reads('a fragment cut inside a character', text('\u00f0\u009f', { final: false }) + more('\u0098\u0080'), [
    FOUR_BYTES,
  ]),
  reads(
    'control frames between fragments',
    text('on', { final: false }) + frame(9, 'x') + frame(10, 'y') + more('e') + text('two'),
    ['one', 'two'],
    { heartbeats: 1 },
  ),
  reads('pings of every length', [0, 1, 124, 125].map((n) => frame(9, 'p'.repeat(n))).join(''), [], {
    heartbeats: 4,
  }),
  reads('pongs that nobody asked for', frame(10) + frame(10, 'y') + text('one'), ['one'], { heartbeats: 0 }),
  reads('gaps', `${text('{"type":"gap","from":3,"to":9}')}${text('one')}`, ['one'], { gaps: 1 }),
  reads('heartbeats of the server', `${text('{"type":"heartbeat"}')}${text('one')}`, ['one'], {
    heartbeats: 1,
  }),
  {
    ...reads('an early hint before', text('one'), ['one']),
    answer: (request) => `HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n${acceptHead(request)}${text('one')}`,
  },
];

const ENDS: readonly Reading[] = [
  ...[1000, 1001, 1011, 1012, 1013, 3000, 4999].map((code) => ends(code, true)),
  ...[1002, 1003, 1007, 1008, 1009, 1010].map((code) => ends(code, false)),
  reads('a close frame without a code', frame(8) + text('never'), [], {
    detail: /^close without a code$/,
    retryable: true,
  }),
];

const FAULTS: readonly Reading[] = [
  ...[1, 2, 4].map((reserved) =>
    refuses(`the reserved bits ${reserved}`, text('x', { reserved }), /reserved bits|RSV\d/),
  ),
  ...[3, 4, 5, 6, 7, 11, 12, 13, 14, 15].map((opcode) =>
    refuses(`the reserved opcode ${opcode}`, frame(opcode, 'x'), new RegExp(`opcode ${opcode}`)),
  ),
  refuses('a masked frame', text('x', { masked: true }), /mask/i),
  refuses('a ping of 126 bytes', frame(9, 'x'.repeat(126)), /125 bytes|payload length 126/),
  refuses(
    'a close frame of 126 bytes',
    frame(8, `\x03\xe8${'x'.repeat(124)}`),
    /125 bytes|payload length 126/,
  ),
  refuses('a fragmented ping', frame(9, 'x', { final: false }), /fragmented control|FIN/),
  refuses('a continuation of nothing', more('x'), /continuation|opcode 0/),
  refuses(
    'a new message inside a fragmented one',
    text('a', { final: false }) + text('b'),
    /inside a fragmented|opcode 1/,
  ),
  refuses('invalid UTF-8', text('a\u00c3\u0028'), /UTF-8/),
  refuses('an overlong form', text('\u00c0\u00af'), /UTF-8/),
  refuses('a surrogate in UTF-8', text('\u00ed\u00a0\u0080'), /UTF-8/),
  refuses('a code point beyond Unicode', text('\u00f4\u0090\u0080\u0080'), /UTF-8/),
  refuses('text that ends inside a character', text('ab\u00f0\u009f\u0098'), /UTF-8/),
  refuses('invalid UTF-8 across fragments', text('\u00c3', { final: false }) + more('('), /UTF-8/),
  refuses('fragments that end inside a character', text('a', { final: false }) + more('\u00c3'), /UTF-8/),
  refuses('a length of 64 bits too big', text('', { width: 64, told: 2 ** 31 }), /16777216|[Mm]ax payload/),
  refuses('a length beyond 2^53', frame(2, '', { width: 64, told: 2 ** 62 }), /16777216|2\^53|payload/),
  refuses('a length of 16 bits for 125 bytes', text('x'.repeat(125), { width: 16 }), /shortest/, {
    leanOnly: true,
  }),
  refuses('a length of 64 bits for 65535 bytes', text('x'.repeat(65_535), { width: 64 }), /shortest/, {
    leanOnly: true,
  }),
  refuses('a close frame of one byte', frame(8, '\x03'), /close frame|payload length 1/),
  ...[0, 999, 1004, 1005, 1006, 1015, 1016, 2999, 5000, 65_535].map((code) =>
    refuses(`the close code ${code}`, closeFrame(code), /close frame|status code/),
  ),
  refuses('a close reason that is no UTF-8', closeFrame(1000, '\u00c3('), /close frame|UTF-8/),
];

const notUpgraded = (what: string, answer: (request: string) => string, detail: RegExp): Reading => ({
  what,
  answer,
  messages: [],
  opened: false,
  reason: 'bad-protocol',
  detail,
});
const refused = (status: string, retryable: boolean, more = ''): Reading => ({
  what: `the answer ${status}`,
  answer: () => `HTTP/1.1 ${status}\r\n${more}Content-Length: 0\r\n\r\n`,
  messages: [],
  opened: false,
  reason: 'bad-status',
  retryable,
  detail: new RegExp(`^HTTP ${status.slice(0, 3)}$`),
});

const UPGRADES: readonly Reading[] = [
  refused('200 OK', false),
  refused('400 Bad Request', false),
  refused('401 Unauthorized', false),
  refused('403 Forbidden', false),
  refused('426 Upgrade Required', false),
  { ...refused('429 Too Many Requests', true, 'Retry-After: 7\r\n'), retries: [7_000] },
  { ...refused('503 Service Unavailable', true, 'Retry-After: 2\r\n'), retries: [2_000] },
  { ...refused('503 Busy', true, 'Retry-After: soon\r\n'), retries: [] },
  notUpgraded('a wrong accept', () => acceptHead(''), /Sec-WebSocket-Accept/),
  notUpgraded(
    'no accept',
    (request) => acceptHead(request).replace(/Sec-.*\r\n/, ''),
    /Sec-WebSocket-Accept/,
  ),
  notUpgraded(
    'another upgrade',
    (request) => acceptHead(request).replace(': websocket', ': h2c'),
    /[Uu]pgrade/,
  ),
  notUpgraded(
    'an extension nobody asked for',
    (request) => acceptHead(request, 'Sec-WebSocket-Extensions: permessage-deflate\r\n'),
    /extension/i,
  ),
  notUpgraded(
    'a subprotocol nobody asked for',
    (request) => acceptHead(request, 'Sec-WebSocket-Protocol: chat\r\n'),
    /subprotocol/,
  ),
];

const SPLITS: readonly Reading[] = [
  reads(
    'messages, fragments and control frames together',
    `${text('one')}${text('t', { final: false })}${frame(9, 'ping')}${more(`w\u00c3`, { final: false })}${more('\u00bc')}` +
      `${frame(2, '\xff'.repeat(130))}${text('{"type":"gap"}')}${text('')}${frame(10)}${closeFrame(1001, 'bye')}`,
    ['one', 'tw\u00c3\u00bc', '\xff'.repeat(COMPARED), ''],
    { gaps: 1, heartbeats: 1, detail: /^close 1001 bye$/, ...SPLIT },
  ),
  reads('a 64-bit length', text('y'.repeat(65_540)), ['y'.repeat(COMPARED)], { leanOnly: true }),
  refuses('damaged text', text('ab\u00c3('), /UTF-8/, SPLIT),
  refuses('a reserved opcode', frame(3), /opcode 3/, SPLIT),
  refuses('an oversized header', frame(2, '', { width: 64, told: 2 ** 40 }), /16777216/, SPLIT),
];

function frameOf(said: Said): string {
  if (said.kind === 'gap') return text('{"type":"gap","from":1,"to":2}');
  const id = said.id === undefined ? '' : `"id":${said.id},`;
  return text(`{${id}"type":"message","topic":"t0","payload":"${said.data}"}`);
}

/** WebSocket (RFC 6455) with messages as our own server words them. */
export const wsFixture: DriverFixture = {
  name: 'WebSocket',
  protocol: 'ws',
  path: '/ws?topic=t0',
  polling: null,
  endsWithConnection: true,
  endReason: 'closed-by-server',
  tellsGaps: true,
  ids: ['0', '41', '18446744073709551615'],
  asks: [/\r\nupgrade: websocket\r\n/i, /\r\nsec-websocket-version: 13\r\n/i, /\r\nconnection: upgrade\r\n/i],
  readings: [...MESSAGES, ...ENDS, ...FAULTS, ...UPGRADES, ...SPLITS],
  speak: (connection, said) => connection.send(acceptHead(connection.request) + said.map(frameOf).join('')),
  finish: async (connection) => {
    await connection.send(closeFrame(1001));
    connection.end();
  },
  dataOf: (message) => (/"payload":"(.*)"\}$/.exec(message)?.[1] ?? message).slice(0, COMPARED),
  resumesAfter: (request) => /\r\nlast-event-id: (.*)\r\n/i.exec(request)?.[1] ?? null,
};
