import assert from 'node:assert/strict';
import { test } from 'node:test';
import { clientFrame, OPCODE } from './testing/rawClient.ts';
import { startNode } from './testing/startNode.ts';

test('evicts whoever answers no ping, and nobody else', async (t) => {
  const { openClient, endpoint, server } = await startNode(t, { pingMs: 30, pongTimeoutMs: 500 });
  const [silent, answering] = [await openClient(), await openClient()];
  const isEvicted = silent.closed().then(() => true);
  for (let isDone = false; !isDone; ) {
    const frame = await answering.next();
    assert.equal(frame?.opcode, OPCODE.ping);
    answering.socket.write(clientFrame({ opcode: OPCODE.pong }));
    isDone = await Promise.race([isEvicted, false]);
  }
  assert.equal(server.stats().connections, 1);
  assert.deepEqual(silent.frames, [{ opcode: OPCODE.ping, payload: Buffer.alloc(0) }], 'one ping, no close');
  const metrics = await fetch(`http://${endpoint.host}:${endpoint.port}/metrics`);
  assert.match(await metrics.text(), /^push_connection_total\{state="evicted"\} 1$/m);
});

test('says goodbye when it stops, and cuts whoever does not answer', async (t) => {
  const { openClient, server } = await startNode(t);
  const [deaf, polite] = [await openClient(), await openClient()];
  const stopping = server.stop();
  const goodbye = await polite.next();
  assert.equal(goodbye?.opcode, OPCODE.close);
  assert.equal(goodbye?.payload.readUInt16BE(0), 1001);
  polite.socket.write(clientFrame({ opcode: OPCODE.close, payload: goodbye?.payload }));
  await Promise.all([stopping, polite.closed(), deaf.closed()]);
  assert.equal(deaf.frames.at(-1)?.opcode, OPCODE.close);
  assert.equal(server.stats().connections, 0);
});
