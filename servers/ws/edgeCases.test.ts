import assert from 'node:assert/strict';
import { test } from 'node:test';
import { clientFrame, closePayload, OPCODE, type RawClient } from './testing/rawClient.ts';
import { startNode } from './testing/startNode.ts';

/*
 * What the protocol asks of a server that reads frames (RFC 6455, sections 5 to 8), by the groups of the Autobahn
 * test suite. Our server says nothing to a message, so that it lives shows by its answer to the ping that follows.
 */

const { continuation, text, binary, close, ping, pong } = OPCODE;
const MAX_PAYLOAD_BYTES = 65_536;
/** Valid UTF-8 of one to four bytes for each character. */
const UNICODE = Buffer.from('Hello-µ@ßöäüàá-UTF-8!! 𝄞');

type Row = readonly [what: string, ...frames: Buffer[]];

function message(length: number): Buffer {
  return clientFrame({ opcode: text, payload: 'x'.repeat(length) });
}

/** A message cut into pieces. */
function fragments(opcode: number, pieces: readonly (Buffer | string)[]): Buffer[] {
  return pieces.map((payload, i) =>
    clientFrame({ opcode: i === 0 ? opcode : continuation, payload, fin: i === pieces.length - 1 }),
  );
}

/** One byte each. */
function bytesOf(bytes: Buffer): Buffer[] {
  return [...bytes].map((byte) => Buffer.from([byte]));
}

const PING = clientFrame({ opcode: ping, payload: 'between' });
const [FIRST, LAST] = fragments(text, ['first', 'last']);

const LIVES: readonly Row[] = [
  ['text of no byte', message(0)],
  ...[1, 125, 126, 127, 128, 65_535, MAX_PAYLOAD_BYTES].map((n): Row => [`text of ${n} bytes`, message(n)]),
  ['binary of any byte', clientFrame({ opcode: binary, payload: Buffer.from([0, 0xff, 0xc3, 0x28]) })],
  ['a short length in 64 bits', clientFrame({ opcode: text, payload: 'short', saidLength: 5n })],
  ['text in two fragments', FIRST, LAST],
  ['text in five fragments, some of them empty', ...fragments(text, ['', 'a', '', 'b', ''])],
  ['text in fragments of one byte', ...fragments(text, bytesOf(UNICODE))],
  ['binary in fragments', ...fragments(binary, [Buffer.from([0xff]), Buffer.from([0xfe])])],
  ['a pong nobody asked for', clientFrame({ opcode: pong, payload: 'unasked' })],
  ['two messages in fragments', ...fragments(text, ['a', 'b']), ...fragments(text, ['c', 'd'])],
  ['Unicode up to its last character', clientFrame({ opcode: text, payload: '\u{10ffff}\uffff\u0000' })],
];

const NO_UTF_8: readonly (readonly [what: string, bytes: readonly number[]])[] = [
  ['a lone continuation byte', [0x80]],
  ['a character cut short', [0xe2, 0x82]],
  ['an overlong slash', [0xc0, 0xaf]],
  ['an overlong NUL', [0xe0, 0x80, 0x80]],
  ['a surrogate', [0xed, 0xa0, 0x80]],
  ['a character beyond the last', [0xf4, 0x90, 0x80, 0x80]],
  ['a byte that never occurs', [0xff]],
];

const FAILS: readonly (readonly [code: number, ...row: Row])[] = [
  ...[1, 2, 4, 7].map((rsv): [number, string, Buffer] => [
    1002,
    `reserved bits ${rsv}`,
    clientFrame({ opcode: text, payload: 'x', rsv }),
  ]),
  [1002, 'a reserved bit in a ping', clientFrame({ opcode: ping, rsv: 4 })],
  ...[3, 4, 5, 6, 7, 11, 12, 13, 14, 15].map((opcode): [number, string, Buffer] => [
    1002,
    `reserved opcode ${opcode}`,
    clientFrame({ opcode }),
  ]),
  [1002, 'text that is not masked', clientFrame({ opcode: text, payload: 'x', isMasked: false })],
  [1002, 'a ping that is not masked', clientFrame({ opcode: ping, isMasked: false })],
  [1002, 'a close that is not masked', clientFrame({ opcode: close, isMasked: false })],
  [1002, 'a continuation of nothing', clientFrame({ opcode: continuation, payload: 'x' })],
  [1002, 'a first continuation of nothing', clientFrame({ opcode: continuation, fin: false })],
  [1002, 'a new message within another', FIRST, FIRST],
  [1002, 'a whole message within another', FIRST, message(1)],
  [1002, 'a continuation after the end', FIRST, LAST, LAST],
  [1002, 'a ping in fragments', clientFrame({ opcode: ping, fin: false })],
  [1002, 'a close in fragments', clientFrame({ opcode: close, fin: false })],
  [1002, 'a ping of 126 bytes', clientFrame({ opcode: ping, payload: 'x'.repeat(126) })],
  [
    1002,
    'a close of 126 bytes',
    clientFrame({ opcode: close, payload: closePayload(1000, 'x'.repeat(124)) }),
  ],
  [1002, 'a close of one byte', clientFrame({ opcode: close, payload: 'x' })],
  ...[0, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65_535].map(
    (code): [number, string, Buffer] => [
      1002,
      `a close with the code ${code}`,
      clientFrame({ opcode: close, payload: closePayload(code) }),
    ],
  ),
  ...NO_UTF_8.map(([what, bytes]): [number, string, Buffer] => [
    1007,
    `text with ${what}`,
    clientFrame({ opcode: text, payload: Buffer.from([0x61, ...bytes]) }),
  ]),
  [1007, 'text with a bad end, in fragments', ...fragments(text, ['good', Buffer.from([0xc3])])],
  [
    1007,
    'a close whose reason is no UTF-8',
    clientFrame({ opcode: close, payload: closePayload(1000, Buffer.from([0xff])) }),
  ],
  [1009, 'a message a byte too long', message(MAX_PAYLOAD_BYTES + 1)],
  [1009, 'a message too long, in fragments', ...fragments(text, ['x'.repeat(40_000), 'x'.repeat(30_000)])],
  [1009, 'a length of a terabyte', clientFrame({ opcode: text, saidLength: 1n << 40n })],
  [1009, 'a length with the highest bit set', clientFrame({ opcode: text, saidLength: 1n << 63n })],
  [1008, 'a message in too many fragments', ...fragments(text, Array<string>(1_200).fill('x'))],
  [1008, 'more messages than a client may send', ...Array<Buffer>(251).fill(message(1))],
  [1008, 'more pings than a client may send', ...Array<Buffer>(251).fill(PING)],
  [1008, 'more pongs than a client may send', ...Array<Buffer>(251).fill(clientFrame({ opcode: pong }))],
];

/** Nothing else comes before the answer to a ping of ours. */
async function lives(client: RawClient): Promise<void> {
  client.socket.write(clientFrame({ opcode: ping, payload: 'alive?' }));
  const answer = await client.next();
  assert.equal(answer?.opcode, pong);
  assert.equal(answer?.payload.toString(), 'alive?');
}

async function closedWith(client: RawClient): Promise<number | null> {
  let frame = await client.next();
  while (frame !== null && frame.opcode === pong) frame = await client.next();
  assert.equal(frame?.opcode, close);
  const { payload } = frame;
  // The client's half of the handshake, where the server waits for it.
  client.socket.end(clientFrame({ opcode: close, payload }));
  assert.equal(await client.next(), null, 'nothing follows a close');
  return payload.length === 0 ? null : payload.readUInt16BE(0);
}

for (const [what, ...frames] of LIVES) {
  test(`takes ${what}`, async (t) => {
    const { openClient, server } = await startNode(t);
    const client = await openClient();
    client.socket.write(Buffer.concat(frames));
    await lives(client);
    assert.equal(server.stats().connections, 1);
  });
}

for (const [code, what, ...frames] of FAILS) {
  test(`closes with ${code} on ${what}`, async (t) => {
    const { openClient, server } = await startNode(t);
    const client = await openClient();
    client.socket.write(Buffer.concat(frames));
    assert.equal(await closedWith(client), code);
    assert.equal(server.stats().connections, 0);
  });
}

for (const code of [1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014, 3000, 4999]) {
  test(`answers a close with its code ${code}`, async (t) => {
    const { openClient } = await startNode(t);
    const client = await openClient();
    client.socket.write(clientFrame({ opcode: close, payload: closePayload(code, 'Grüße') }));
    assert.equal(await closedWith(client), code);
  });
}

test('answers a close with no code with none', async (t) => {
  const { openClient } = await startNode(t);
  const client = await openClient();
  client.socket.write(clientFrame({ opcode: close }));
  assert.equal(await closedWith(client), null);
});

test('answers pings with their payload, in order, between fragments too', async (t) => {
  const { openClient } = await startNode(t);
  const client = await openClient();
  const payloads = ['', 'x', 'x'.repeat(125)];
  const pings = payloads.map((payload) => clientFrame({ opcode: ping, payload }));
  client.socket.write(Buffer.concat([FIRST, ...pings, LAST]));
  for (const payload of payloads) {
    const answer = await client.next();
    assert.deepEqual([answer?.opcode, answer?.payload.toString()], [pong, payload]);
  }
  await lives(client);
});

test('reads frames however they are cut', async (t) => {
  const { openClient } = await startNode(t);
  const bytes = Buffer.concat([
    FIRST,
    PING,
    LAST,
    message(126),
    clientFrame({ opcode: binary, payload: 'b' }),
  ]);
  const client = await openClient();
  for (const byte of bytes) {
    client.socket.write(Buffer.from([byte]));
    // The next byte is sent when the system has this one.
    await new Promise(setImmediate);
  }
  assert.equal((await client.next())?.payload.toString(), 'between');
  await lives(client);
});

test('sends no message after a close', async (t) => {
  const { openClient, endpoint } = await startNode(t);
  const client = await openClient();
  const url = `http://${endpoint.host}:${endpoint.port}/publish`;
  const post = () => fetch(url, { method: 'POST', headers: { 'x-topic': 't1' }, body: 'x' });
  const publishing = Promise.all(Array.from({ length: 50 }, post));
  await client.next();
  client.socket.write(clientFrame({ opcode: close, payload: closePayload(1000) }));
  await publishing;
  await client.closed();
  const opcodes = client.frames.map(({ opcode }) => opcode);
  assert.equal(opcodes.indexOf(close), opcodes.length - 1, opcodes.join(' '));
});

test('frees a connection whose client ends its half, or resets', async (t) => {
  const { openClient, server } = await startNode(t);
  const [ending, resetting] = [await openClient(), await openClient()];
  ending.socket.end();
  resetting.socket.resetAndDestroy();
  await ending.closed();
  while (server.stats().connections > 0) await new Promise(setImmediate);
});
