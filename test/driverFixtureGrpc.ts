import { CHAT_METHOD, EVENT_KIND, SUBSCRIBE_METHOD } from '../contract/grpc.ts';
import { bytesField, framed, numberField } from '../runners/drivers/grpc/wire.ts';
import type { Said } from './driverFixture.ts';
import type { H2Fixture, H2Reading } from './h2Fixture.ts';
import type { ScriptedStream } from './h2ScriptedServer.ts';

/** Characters of a message that are compared. */
const COMPARED = 40;
const HEAD = { ':status': 200, 'content-type': 'application/grpc' };
const OK = { 'grpc-status': '0' };

interface EventFields {
  readonly id?: bigint;
  readonly topic?: string;
  readonly data?: string;
  readonly kind?: number;
}

/** An event of push.proto, fields in the order of their numbers, framed. */
export function event(fields: EventFields): Buffer {
  return framed(eventMessage(fields));
}

export function eventMessage({ id, topic, data, kind }: EventFields): Buffer {
  return Buffer.concat([
    id === undefined ? Buffer.alloc(0) : numberField(1, id),
    topic === undefined ? Buffer.alloc(0) : bytesField(2, Buffer.from(topic)),
    data === undefined ? Buffer.alloc(0) : bytesField(3, Buffer.from(data, 'latin1')),
    kind === undefined ? Buffer.alloc(0) : numberField(4, BigInt(kind)),
  ]);
}

const one = event({ id: 1n, topic: 't0', data: 'one' });
const two = event({ id: 2n, topic: 't0', data: 'two' });
const heartbeat = event({ kind: EVENT_KIND.heartbeat });
const gap = event({ id: 9n, kind: EVENT_KIND.gap });

type Shown = Partial<Omit<H2Reading, 'what' | 'body' | 'messages'>>;

const reads = (
  what: string,
  body: readonly Uint8Array[],
  messages: readonly string[],
  shown: Shown = {},
): H2Reading => ({ what, body: Buffer.concat(body), messages, ...shown });

/** One good message, then what cannot be read, then one that must not be told any more. */
const breaks = (what: string, bytes: Uint8Array, detail: RegExp, shown: Shown = {}): H2Reading =>
  reads(what, [one, bytes, two], ['one'], {
    reason: 'bad-protocol',
    retryable: true,
    detail,
    leanOnly: true,
    ...shown,
  });

const ends = (status: number, name: string, retryable: boolean, shown: Shown = {}): H2Reading =>
  reads(`the status ${name}`, [one], ['one'], {
    trailers: { 'grpc-status': String(status), 'grpc-message': 'for%20a%20reason' },
    detail: new RegExp(`^gRPC ${name}: for a reason$`),
    retryable,
    ...shown,
  });

const refuses = (status: number, name: string, retryable: boolean, shown: Shown = {}): H2Reading =>
  reads(`nothing but the status ${name}`, [], [], {
    head: { ...HEAD, 'grpc-status': String(status), 'grpc-message': 'no' },
    trailers: null,
    opened: false,
    reason: 'bad-status',
    detail: new RegExp(`^gRPC ${name}: no$`),
    retryable,
    ...shown,
  });

const head = (flag: number, length: number): Buffer => {
  const bytes = Buffer.alloc(5, flag);
  bytes.writeUInt32BE(length, 1);
  return bytes;
};

const MESSAGES: readonly H2Reading[] = [
  reads(
    'messages without an id',
    [event({ data: 'one' }), event({ topic: 't', data: 'two' })],
    ['one', 'two'],
  ),
  reads('empty messages', [framed(Buffer.alloc(0)), event({ id: 3n }), one], ['', '', 'one']),
  ...[1, 127, 128, 16_384, 70_000, 300_000].map((bytes) =>
    reads(
      `a message of ${bytes} bytes`,
      [event({ id: 1n, data: 'x'.repeat(bytes) }), two],
      ['x'.repeat(Math.min(bytes, COMPARED)), 'two'],
    ),
  ),
  reads('bytes that are no text', [event({ data: '\0\xff\x80' })], ['\0\xff\x80']),
  reads(
    'fields it does not know, of every wire type',
    [
      framed(
        Buffer.concat([
          numberField(99, 2n ** 64n - 1n),
          bytesField(98, Buffer.from('skipped')),
          Buffer.from([0x81, 0x06, 1, 2, 3, 4, 5, 6, 7, 8]),
          Buffer.from([0x85, 0x06, 1, 2, 3, 4]),
          eventMessage({ data: 'one' }),
          bytesField(500_000, Buffer.alloc(0)),
        ]),
      ),
    ],
    ['one'],
  ),
  reads(
    'the last of several values',
    [framed(Buffer.concat([bytesField(3, Buffer.from('first')), eventMessage({ data: 'one' })]))],
    ['one'],
  ),
  reads('heartbeats', [heartbeat, one, heartbeat], ['one'], { heartbeats: 2 }),
  reads('gaps', [gap, one], ['one'], { gaps: 1 }),
  reads('typing notices', [event({ data: 'typing', kind: EVENT_KIND.typing }), one], ['typing', 'one']),
  reads('kinds it does not know', [event({ data: 'x', kind: 77 }), one], ['one']),
  reads('many messages at once', Array(1_000).fill(one), Array(1_000).fill('one')),
];

const ENDS: readonly H2Reading[] = [
  reads('the status OK', [one], ['one'], { detail: /^gRPC OK$/, retryable: true }),
  ends(1, 'CANCELLED', true),
  ends(2, 'UNKNOWN', true),
  ends(3, 'INVALID_ARGUMENT', false),
  ends(5, 'NOT_FOUND', false),
  ends(7, 'PERMISSION_DENIED', false),
  ends(8, 'RESOURCE_EXHAUSTED', true),
  ends(9, 'FAILED_PRECONDITION', false),
  ends(12, 'UNIMPLEMENTED', false),
  ends(13, 'INTERNAL', true),
  ends(14, 'UNAVAILABLE', true, { reason: 'going-away' }),
  ends(16, 'UNAUTHENTICATED', false),
  reads('a delay to come back after', [one], ['one'], {
    trailers: { 'grpc-status': '8', 'retry-after': '7' },
    retries: [7_000],
    retryable: true,
  }),
  reads('a message of the status that is no percent-encoding', [], [], {
    trailers: { 'grpc-status': '13', 'grpc-message': '100%' },
    detail: /^gRPC INTERNAL: 100%$/,
  }),
];

const REFUSALS: readonly H2Reading[] = [
  refuses(3, 'INVALID_ARGUMENT', false),
  refuses(7, 'PERMISSION_DENIED', false),
  refuses(8, 'RESOURCE_EXHAUSTED', true),
  refuses(12, 'UNIMPLEMENTED', false),
  refuses(14, 'UNAVAILABLE', true, { reason: 'going-away' }),
  refuses(16, 'UNAUTHENTICATED', false),
  reads('nothing but a status with a delay to come back after', [], [], {
    head: { ...HEAD, 'grpc-status': '8', 'retry-after': '3' },
    trailers: null,
    opened: false,
    reason: 'bad-status',
    retries: [3_000],
    retryable: true,
  }),
  ...[
    { status: 401, retryable: false },
    { status: 404, retryable: false },
    { status: 429, retryable: true },
    { status: 503, retryable: true },
  ].map(({ status, retryable }) =>
    reads(`the HTTP status ${status}`, [Buffer.from('<p>no</p>')], [], {
      head: { ':status': status, 'content-type': 'text/html' },
      trailers: null,
      opened: false,
      reason: 'bad-status',
      retryable,
      detail: new RegExp(`^HTTP ${status}$`),
      leanOnly: true,
    }),
  ),
  ...['text/html', 'application/grpc-web', 'application/grpc+json'].map((type) =>
    reads(`the content type ${type}`, [one], [], {
      head: { ':status': 200, 'content-type': type },
      opened: false,
      reason: 'bad-content-type',
      retryable: false,
      detail: new RegExp(`${type.replace('+', '\\+')}, not application/grpc$`),
      leanOnly: true,
    }),
  ),
  reads('no content type', [one], [], {
    head: { ':status': 200 },
    opened: false,
    reason: 'bad-content-type',
    retryable: false,
    detail: /no content type/,
    leanOnly: true,
  }),
  reads('the content type application/grpc+proto', [one], ['one'], {
    head: { ':status': 200, 'content-type': 'application/grpc+proto' },
  }),
];

const FAULTS: readonly H2Reading[] = [
  breaks('a compressed message', Buffer.concat([head(1, 3), Buffer.from('abc')]), /compressed/),
  breaks('the flag 2', Buffer.concat([head(2, 3), Buffer.from('abc')]), /flag 2/),
  breaks('a message over the limit', head(0, 4 * 1_048_576 + 1), /over 4194304|larger than max/),
  breaks('a length of 32 bits', head(0, 2 ** 32 - 1), /4294967295 bytes, over/),
  breaks('the field number 0', framed(Buffer.from([0x02, 1, 1])), /field number/),
  breaks(
    'a field number of 64 bits',
    framed(Buffer.from([0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x01])),
    /field number/,
  ),
  breaks('a group', framed(Buffer.from([0x33, 1])), /wire type 3/),
  breaks('the wire type 7', framed(Buffer.from([0x37, 1])), /wire type 7/),
  breaks('data that are a number', framed(Buffer.from([0x18, 1])), /wire type 0 in field 3/),
  breaks('an id that is text', framed(Buffer.from([0x0a, 1, 65])), /wire type 2 in field 1/),
  breaks(
    'a number of 11 bytes',
    framed(Buffer.from([0x08, ...Array(10).fill(0x80), 1])),
    /more than 64 bits/,
  ),
  breaks('a number of 65 bits', framed(Buffer.from([0x08, ...Array(9).fill(0x80), 2])), /more than 64 bits/),
  breaks('a field longer than its message', framed(Buffer.from([0x1a, 9, 1])), /inside a field/),
  breaks('a message that ends inside a tag', framed(Buffer.from([0x80])), /inside a field/),
  breaks('a message that ends after a tag', framed(Buffer.from([0x1a])), /inside a field/),
  reads('a stream that ends inside a message', [one, head(0, 10), Buffer.from('abc')], ['one'], {
    reason: 'bad-protocol',
    detail: /inside a message/,
    leanOnly: true,
  }),
  reads('a stream that ends inside the head of a message', [one, Buffer.from([0, 0])], ['one'], {
    reason: 'bad-protocol',
    detail: /inside a message/,
    leanOnly: true,
  }),
  reads('a stream without trailers', [one], ['one'], {
    trailers: null,
    reason: 'bad-protocol',
    detail: /without a grpc-status|without gRPC status|No status/,
  }),
  reads('trailers without a status', [one], ['one'], {
    trailers: { 'x-other': '1' },
    reason: 'bad-protocol',
    detail: /without a grpc-status|without gRPC status|No status/,
    leanOnly: true,
  }),
  reads('a status that is no number', [one], ['one'], {
    trailers: { 'grpc-status': 'fine' },
    reason: 'bad-protocol',
    detail: /fine is no number/,
    leanOnly: true,
  }),
];

const SPLIT: readonly H2Reading[] = [
  reads(
    'messages of every kind together',
    [
      one,
      heartbeat,
      framed(
        Buffer.concat([bytesField(98, Buffer.from('skipped')), eventMessage({ id: 2n ** 40n, data: 'two' })]),
      ),
      gap,
      framed(Buffer.alloc(0)),
      event({ id: 300n, topic: 'topic', data: 'y'.repeat(200), kind: 0 }),
    ],
    ['one', 'two', '', 'y'.repeat(COMPARED)],
    { gaps: 1, heartbeats: 1, split: true },
  ),
  breaks('a damaged message', framed(Buffer.from([0x1a, 9, 1])), /inside a field/, { split: true }),
];

function encode(said: readonly Said[]): Buffer {
  return Buffer.concat(
    said.map((it) =>
      it.kind === 'gap'
        ? event({ kind: EVENT_KIND.gap })
        : event({ topic: 't0', data: it.data, ...(it.id === undefined ? {} : { id: BigInt(it.id) }) }),
    ),
  );
}

/** The last id of a request whose fields may stand in a message within it. */
function resumesAfter({ body }: ScriptedStream, isNested: boolean): string | null {
  const message = body.subarray(isNested ? 5 + 2 : 5);
  // tag, length, topic; then the id.
  const at = 2 + message[1];
  if (at >= message.length) return null;
  let id = 0n;
  for (let i = message.length - 1; i > at; i--) id = (id << 7n) | BigInt(message[i] & 127);
  return id.toString();
}

const GRPC = {
  protocol: 'grpc',
  head: HEAD,
  trailers: OK,
  endReason: 'closed-by-server',
  security: null,
  probeEndsAtGoaway: false,
  ids: ['41', '9007199254740993', '18446744073709551615'],
  asks: { ':method': 'POST', 'content-type': 'application/grpc', te: 'trailers' },
  encode,
  dataOf: (message: string) => message.slice(0, COMPARED),
} as const;

/** Server streaming: `Subscribe` of push.proto. */
export const grpcFixture: H2Fixture = {
  ...GRPC,
  name: 'server stream',
  path: `${SUBSCRIBE_METHOD.path}?topic=t0`,
  grpc: SUBSCRIBE_METHOD,
  readings: [...MESSAGES, ...ENDS, ...REFUSALS, ...FAULTS, ...SPLIT],
  resumesAfter: (asked) => resumesAfter(asked, false),
};

/** Bidirectional: `Chat` of push.proto. Reads what the other reads. */
export const chatFixture: H2Fixture = {
  ...GRPC,
  name: 'bidirectional stream',
  path: `${CHAT_METHOD.path}?topic=t0`,
  grpc: CHAT_METHOD,
  readings: [ENDS[0], ENDS[6], REFUSALS[0], SPLIT[0]],
  resumesAfter: (asked) => resumesAfter(asked, true),
};
