import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DEFAULT_SERVER_LIMITS } from '../../contract/pushServer.ts';
import { clientFrame, handshake, OPCODE, type RequestOptions } from './testing/rawClient.ts';
import { startNode } from './testing/startNode.ts';

const ALLOWED = 'https://app.example';

const ACCEPTED: readonly (readonly [what: string, request: RequestOptions])[] = [
  ['no origin, which is no browser', {}],
  ['an allowed origin', { headers: { Origin: ALLOWED } }],
  ['the default topic', { line: 'GET /ws HTTP/1.1' }],
  ['names in any case', { headers: { Upgrade: 'WebSocket', Connection: 'keep-alive, upgrade' } }],
  ['a subprotocol', { headers: { 'Sec-WebSocket-Protocol': 'chat, superchat' } }],
  ['compression', { headers: { 'Sec-WebSocket-Extensions': 'permessage-deflate; client_max_window_bits' } }],
];

const REFUSED: readonly (readonly [
  status: number,
  what: string,
  request: RequestOptions,
  header?: RegExp,
])[] = [
  [403, 'another origin', { headers: { Origin: 'https://evil.example' } }],
  [403, 'an origin that begins like an allowed one', { headers: { Origin: `${ALLOWED}.evil` } }],
  [403, 'an origin of another scheme', { headers: { Origin: 'http://app.example' } }],
  [403, 'an origin of another port', { headers: { Origin: `${ALLOWED}:8443` } }],
  [403, 'an origin with a slash', { headers: { Origin: `${ALLOWED}/` } }],
  [403, 'the origin null', { headers: { Origin: 'null' } }],
  [403, 'an empty origin', { headers: { Origin: '' } }],
  [426, 'no version', { headers: { 'Sec-WebSocket-Version': null } }, /Sec-WebSocket-Version: 13\r\n/],
  [426, 'an old version', { headers: { 'Sec-WebSocket-Version': '8' } }, /Sec-WebSocket-Version: 13\r\n/],
  [426, 'a version to come', { headers: { 'Sec-WebSocket-Version': '14' } }, /Sec-WebSocket-Version: 13\r\n/],
  [426, 'no upgrade', { headers: { Upgrade: null } }, /Upgrade: websocket\r\n/],
  [426, 'an upgrade to something else', { headers: { Upgrade: 'h2c' } }, /Upgrade: websocket\r\n/],
  [426, 'a connection that is not to be upgraded', { headers: { Connection: 'keep-alive' } }],
  [400, 'no key', { headers: { 'Sec-WebSocket-Key': null } }],
  [400, 'a key of 15 bytes', { headers: { 'Sec-WebSocket-Key': 'dGhlIHNhbXBsZSBub25j' } }],
  [400, 'a key that is no base64', { headers: { 'Sec-WebSocket-Key': 'dGhlIHNhbXBsZSBub25jZ!==' } }],
  [400, 'a damaged list of subprotocols', { headers: { 'Sec-WebSocket-Protocol': 'a b' } }],
  [400, 'a topic that is none', { line: 'GET /ws?topic=a%20b HTTP/1.1' }],
  [400, 'HTTP/1.0', { line: 'GET /ws HTTP/1.0' }],
  [405, 'another method', { line: 'POST /ws HTTP/1.1' }, /Allow: GET\r\n/],
  [404, 'another path', { line: 'GET /wss HTTP/1.1' }],
];

for (const [what, request] of ACCEPTED) {
  test(`upgrades: ${what}`, async (t) => {
    const { connectClient, server } = await startNode(t, { allowedOrigins: [ALLOWED] });
    const client = await connectClient();
    client.socket.write(handshake(request));
    const head = await client.answered();
    assert.match(head, /^HTTP\/1\.1 101 /);
    // The key and its answer of RFC 6455, section 1.3.
    assert.match(head, /\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK\+xOo=\r\n/);
    assert.doesNotMatch(head, /Sec-WebSocket-(Protocol|Extensions)/i, 'there are none');
    assert.equal(server.stats().connections, 1);
  });
}

for (const [status, what, request, header = /^/] of REFUSED) {
  test(`answers ${status} to ${what}`, async (t) => {
    const { connectClient, server } = await startNode(t, { allowedOrigins: [ALLOWED] });
    const client = await connectClient();
    client.socket.write(handshake(request));
    const head = await client.answered();
    assert.match(head, new RegExp(`^HTTP/1\\.1 ${status} `));
    assert.match(head, header);
    assert.equal(server.stats().connections, 0);
  });
}

test('answers no origin of a browser where none is allowed', async (t) => {
  const { connectClient, endpoint } = await startNode(t);
  const client = await connectClient();
  client.socket.write(handshake({ headers: { Origin: `http://${endpoint.host}:${endpoint.port}` } }));
  assert.match(await client.answered(), /^HTTP\/1\.1 403 /);
});

test('reads a head cut at every byte, and frames that come with it', async (t) => {
  const { connectClient } = await startNode(t);
  const client = await connectClient();
  const ping = clientFrame({ opcode: OPCODE.ping, payload: 'early' });
  const head = Buffer.from(handshake());
  for (const byte of head.subarray(0, -1)) {
    client.socket.write(Buffer.from([byte]));
    // The next byte is sent when the system has this one.
    await new Promise(setImmediate);
  }
  client.socket.write(Buffer.concat([head.subarray(-1), ping]));
  assert.equal((await client.next())?.payload.toString(), 'early');
});

test('ends a handshake that does not get on', async (t) => {
  const limits = { ...DEFAULT_SERVER_LIMITS, headerTimeoutMs: 100 };
  const { connectClient, server } = await startNode(t, { limits });
  const client = await connectClient();
  client.socket.write(handshake().slice(0, -2));
  assert.match(await client.answered(), /^HTTP\/1\.1 408 /);
  await client.closed();
  assert.equal(server.stats().refused, 1);
});
