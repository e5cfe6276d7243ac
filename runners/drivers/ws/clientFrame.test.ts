import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { test } from 'node:test';
import { WebSocketServer } from 'ws';
import { dataFrame } from './clientFrame.ts';
import { OPCODE } from './frameHeader.ts';

/** The lengths at which the form of a frame's length changes (RFC 6455, section 5.2). */
const LENGTHS = [0, 1, 121, 122, 65_531, 65_532, 200_000];

test('a server reads whole messages of every form of length', async (t) => {
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  const socket = connect(address.port, '127.0.0.1');
  t.after(() => {
    socket.destroy();
    server.close();
  });
  const connected = once(server, 'connection');
  socket.write(
    'GET / HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n',
  );
  const [peer] = await connected;
  for (const length of LENGTHS) {
    const bytes = Buffer.alloc(length, 'abc');
    const message = once(peer, 'message');
    socket.write(dataFrame(OPCODE.text, 'say ', bytes), 'latin1');
    const [data, isBinary] = await message;
    assert.equal(isBinary, false);
    assert.equal(data.length, length + 4);
    assert.ok(data.equals(Buffer.concat([Buffer.from('say '), bytes])), String(length));
  }
});
