import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type TestContext, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { status } from '@grpc/grpc-js';
import { DEFAULT_SERVER_LIMITS, type Endpoint } from '../contract/pushServer.ts';
import { methodOf } from '../servers/grpc/pushProto.ts';
import { grpcExchange, type RawCall } from './grpcExchange.ts';
import {
  connectRaw,
  exchange,
  publish,
  readToEnd,
  type Subject,
  start,
  textOf,
  until,
} from './serverConformanceClient.ts';
import { grpcFixture, grpcFrame } from './serverFixtureGrpc.ts';

const FIXTURE = grpcFixture('Subscribe');
const SUBJECT: Subject = {
  stage: 'grpc',
  variant: 'server-stream',
  fixture: FIXTURE,
  frees: 'at-disconnect',
};
const LIMITS = { ...DEFAULT_SERVER_LIMITS, maxPublishBytes: 10_000, headerTimeoutMs: 200 };

const SUBSCRIBE = methodOf('Subscribe');
const CHAT = methodOf('Chat');
const PUBLISH = methodOf('Publish');

const subscription = (topic: string): Buffer => SUBSCRIBE.requestSerialize({ topic });
const said = (request: object): Buffer => grpcFrame(CHAT.requestSerialize(request));
const GZIP = { 'grpc-encoding': 'gzip' };
/** The wire type 7 does not exist. */
const NO_PROTOBUF = Buffer.from([0x0f, 0xff, 0xff]);
const COMPRESSED = 1;

interface Row extends RawCall {
  readonly what: string;
  readonly expected: keyof typeof status;
}

const subscribing = (what: string, bytes: Buffer, expected: keyof typeof status, headers = {}): Row => ({
  what,
  path: SUBSCRIBE.path,
  bytes,
  expected,
  headers,
});
const chatting = (what: string, parts: readonly Buffer[], expected: keyof typeof status): Row => ({
  what,
  path: CHAT.path,
  bytes: Buffer.concat(parts),
  expected,
});
const publishing = (what: string, request: object, expected: keyof typeof status): Row => ({
  what,
  path: PUBLISH.path,
  bytes: grpcFrame(PUBLISH.requestSerialize(request)),
  expected,
});

const ROWS: readonly Row[] = [
  subscribing('a message above the limit', grpcFrame(Buffer.alloc(10_001)), 'RESOURCE_EXHAUSTED'),
  subscribing('a frame that announces 4 GiB', Buffer.from([0, 255, 255, 255, 255]), 'RESOURCE_EXHAUSTED'),
  subscribing('a frame that is cut short', grpcFrame(subscription('t1')).subarray(0, -1), 'UNIMPLEMENTED'),
  subscribing('a head of a frame that is cut short', Buffer.from([0, 0, 0]), 'UNIMPLEMENTED'),
  subscribing('no message', Buffer.alloc(0), 'UNIMPLEMENTED'),
  subscribing(
    'two messages where one is due',
    Buffer.concat([grpcFrame(subscription('t1')), grpcFrame(subscription('t1'))]),
    'UNIMPLEMENTED',
  ),
  subscribing('a message that is no Protobuf', grpcFrame(NO_PROTOBUF), 'INVALID_ARGUMENT'),
  subscribing('a topic that is none', grpcFrame(subscription('a b')), 'INVALID_ARGUMENT'),
  subscribing(
    'a message said to be compressed, of no encoding',
    grpcFrame(gzipSync(subscription('t1')), COMPRESSED),
    'INVALID_ARGUMENT',
  ),
  subscribing(
    'a message said to be compressed that is not',
    grpcFrame(subscription('t1'), COMPRESSED),
    'INTERNAL',
    GZIP,
  ),
  subscribing(
    'a compressed message that is too large once it is read',
    grpcFrame(gzipSync(Buffer.alloc(1_000_000)), COMPRESSED),
    'RESOURCE_EXHAUSTED',
    GZIP,
  ),
  subscribing('an encoding that nobody knows', grpcFrame(subscription('t1'), COMPRESSED), 'UNIMPLEMENTED', {
    'grpc-encoding': 'zip',
  }),
  subscribing('metadata above the limit', grpcFrame(subscription('t1')), 'RESOURCE_EXHAUSTED', {
    'x-large': 'x'.repeat(9_000),
  }),
  subscribing('a time-out that is none', grpcFrame(subscription('t1')), 'INTERNAL', {
    'grpc-timeout': 'soon',
  }),
  chatting('a message before the join', [said({ message: Buffer.from('x') })], 'FAILED_PRECONDITION'),
  chatting('an end before the join', [], 'FAILED_PRECONDITION'),
  chatting(
    'a second join',
    [said({ join: { topic: 't1' } }), said({ join: { topic: 't2' } })],
    'FAILED_PRECONDITION',
  ),
  chatting('a request that is none of the three', [said({})], 'INVALID_ARGUMENT'),
  chatting('a join to no topic', [said({ join: { topic: 'a b' } })], 'INVALID_ARGUMENT'),
  chatting(
    'a message that is no Protobuf, after the join',
    [said({ join: { topic: 't1' } }), grpcFrame(NO_PROTOBUF)],
    'INVALID_ARGUMENT',
  ),
  publishing('a publish of nothing', { topic: 't1' }, 'INVALID_ARGUMENT'),
  publishing('a publish to no topic', { topic: 'a b', data: [Buffer.from('x')] }, 'INVALID_ARGUMENT'),
  { what: 'a method that is not there', path: '/pushbench.v1.Push/Nothing', expected: 'UNIMPLEMENTED' },
];

/** A node with a subscriber that must notice nothing. */
async function withBystander(t: TestContext) {
  const { endpoint, server } = await start(t, SUBJECT, { limits: LIMITS });
  const bystander = await FIXTURE.subscribe(t, endpoint);
  const isUndisturbed = async (): Promise<void> => {
    await publish(endpoint, 't1', 'still here');
    assert.equal(textOf(await bystander.next()), 'still here');
    await until(() => server.stats().connections === 1);
  };
  return { endpoint, isUndisturbed };
}

async function refusedCount(endpoint: Endpoint, reason: string): Promise<number> {
  const { body } = await exchange(endpoint, '/metrics');
  return Number(new RegExp(`push_grpc_refused_total\\{reason="${reason}"\\} (\\d+)`).exec(body)?.[1] ?? 0);
}

for (const { what, expected, ...call } of ROWS) {
  test(`refuses ${what}: ${expected}`, async (t) => {
    const { endpoint, isUndisturbed } = await withBystander(t);
    const { grpcStatus } = await grpcExchange(t, endpoint, call);
    assert.equal(status[grpcStatus ?? -1], expected);
    assert.equal(await refusedCount(endpoint, expected), 1);
    await isUndisturbed();
  });
}

test('refuses a content type that is none of gRPC', async (t) => {
  const { endpoint, isUndisturbed } = await withBystander(t);
  const headers = { 'content-type': 'application/json' };
  const bytes = grpcFrame(subscription('t1'));
  const { httpStatus } = await grpcExchange(t, endpoint, { path: SUBSCRIBE.path, headers, bytes });
  assert.equal(httpStatus, 415);
  assert.equal(await refusedCount(endpoint, 'httpStatus'), 1);
  await isUndisturbed();
});

test('takes a message that is compressed as it says', async (t) => {
  const { endpoint } = await withBystander(t);
  const bytes = grpcFrame(
    gzipSync(PUBLISH.requestSerialize({ topic: 't2', data: [Buffer.from('x')] })),
    COMPRESSED,
  );
  const { grpcStatus } = await grpcExchange(t, endpoint, { path: PUBLISH.path, headers: GZIP, bytes });
  assert.equal(grpcStatus, status.OK);
});

/** What HTTP/2 begins with, and then none of it: a frame of an unknown type is ignored, one of a wrong size is not. */
const PREFACE = 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n';
const SETTINGS_OF_A_WRONG_SIZE = '\u0000\u0000\u0005\u0004\u0000\u0000\u0000\u0000\u0000xxxxx';

for (const [what, bytes] of [
  ['HTTP/1.1', 'GET /events HTTP/1.1\r\nHost: x\r\n\r\n'],
  ['TLS', '\u0016\u0003\u0001\u0002\u0000'],
  ['half a preface, and then something else', PREFACE.slice(0, 10)],
  ['junk after the preface', PREFACE + SETTINGS_OF_A_WRONG_SIZE],
] as const) {
  test(`ends a connection that speaks ${what}`, async (t) => {
    const { endpoint, isUndisturbed } = await withBystander(t);
    const socket = await connectRaw(t, endpoint);
    const ended = readToEnd(socket);
    socket.write(bytes, 'latin1');
    if (what.startsWith('half')) {
      // In a packet of its own: the server has read the first half when it answers somebody else.
      await exchange(endpoint, '/healthz');
      socket.write('x'.repeat(20));
    }
    await ended;
    assert.equal(await refusedCount(endpoint, 'noHttp2'), 1);
    await isUndisturbed();
  });
}

/** A frame of HTTP/2 (RFC 9113, section 4.1). */
function h2Frame(type: number, flags: number, stream: number, payload: Buffer): Buffer {
  const head = Buffer.alloc(9);
  head.writeUIntBE(payload.length, 0, 3);
  head.writeUInt8(type, 3);
  head.writeUInt8(flags, 4);
  head.writeUInt32BE(stream, 5);
  return Buffer.concat([head, payload]);
}

/** Header fields as HPACK writes them that knows none (RFC 7541, section 6.2.2). */
function literals(fields: Readonly<Record<string, string>>): Buffer {
  const text = (value: string) => Buffer.concat([Buffer.from([value.length]), Buffer.from(value)]);
  const parts = Object.entries(fields).map(([name, value]) => [Buffer.from([0]), text(name), text(value)]);
  return Buffer.concat(parts.flat());
}

for (const [what, path, type] of [
  ['no method', '/pushbench.v1.Push/Nothing', 'application/grpc'],
  ['another content type', SUBSCRIBE.path, 'text/plain'],
  ['a method', SUBSCRIBE.path, 'application/grpc'],
] as const) {
  test(`survives calls of ${what} that are reset with the bytes they come in`, async (t) => {
    const { endpoint, isUndisturbed } = await withBystander(t);
    const socket = await connectRaw(t, endpoint);
    const settled = once(socket, 'data');
    const head = { ':method': 'POST', ':scheme': 'http', ':authority': 'x', ':path': path };
    const fields = literals({ ...head, 'content-type': type });
    const call = (id: number, code: number) => [
      h2Frame(1, 4, id, fields),
      h2Frame(3, 0, id, Buffer.from([0, 0, 0, code])),
    ];
    const settings = h2Frame(4, 0, 0, Buffer.alloc(0));
    socket.write(Buffer.concat([Buffer.from(PREFACE), settings, ...call(1, 0), ...call(3, 8)]));
    await settled;
    await isUndisturbed();
  });
}

test('ends a connection that says nothing', async (t) => {
  const { endpoint, isUndisturbed } = await withBystander(t);
  const socket = await connectRaw(t, endpoint);
  socket.resume();
  await once(socket, 'close');
  assert.equal(await refusedCount(endpoint, 'silent'), 1);
  await isUndisturbed();
});
