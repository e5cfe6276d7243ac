import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { type TestContext, test } from 'node:test';
import { until } from '../../../test/serverConformanceClient.ts';
import { encodeRecords } from '../records.ts';
import { Backlog } from './backlog.ts';
import { FROM_HUB, FrameReader, frame, numbers, TO_HUB } from './frames.ts';
import { EmbeddedHub, HELLO_MAGIC, type HubLimits } from './hub.ts';

async function startHub(
  t: TestContext,
  limits: Partial<HubLimits> = {},
): Promise<{ hub: EmbeddedHub; port: number }> {
  const hub = new EmbeddedHub(limits);
  const port = Number(new URL(await hub.listen()).port);
  t.after(() => hub.stop());
  return { hub, port };
}

async function open(t: TestContext, port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => {});
  t.after(() => socket.destroy());
  await once(socket, 'connect');
  return socket;
}

function hello(hasId: number): Buffer {
  return frame(TO_HUB.hello, HELLO_MAGIC, numbers(hasId, 0));
}

function publish(size: number): Buffer {
  return frame(TO_HUB.publish, numbers(1), encodeRecords([{ topic: 't', data: Buffer.alloc(size) }], 0));
}

test('reads frames however they are split', () => {
  const stream = Buffer.concat([frame(1, Buffer.from('abc')), frame(2), frame(3, Buffer.alloc(300, 'x'))]);
  for (let cut = 1; cut < stream.length; cut++) {
    const got: string[] = [];
    const reader = new FrameReader((type, payload) => got.push(`${type}:${payload.length}`));
    for (const part of [stream.subarray(0, cut), stream.subarray(cut)]) reader.read(part);
    assert.deepEqual(got, ['1:3', '2:0', '3:300'], `cut at ${cut}`);
  }
});

test('turns away who does not speak as a node', async (t) => {
  const { port } = await startHub(t);
  const strangers = [
    Buffer.from('GET / HTTP/1.1\r\n\r\n'),
    publish(10),
    frame(TO_HUB.hello, Buffer.from('other   '), numbers(0, 0)),
    frame(TO_HUB.hello, HELLO_MAGIC),
    Buffer.concat([hello(-1), frame(TO_HUB.publish, numbers(1), Buffer.alloc(3))]),
  ];
  for (const bytes of strangers) {
    const socket = await open(t, port);
    socket.resume().write(bytes);
    await once(socket, 'close');
  }
});

test('cuts off a node that does not read, and serves the others', async (t) => {
  const { hub, port } = await startHub(t, { maxUnsentBytes: 1_000_000 });
  const stuck = await open(t, port);
  stuck.write(hello(-1));
  stuck.pause();
  const reading = await open(t, port);
  let messages = 0;
  const reader = new FrameReader((type) => {
    if (type === FROM_HUB.messages) messages++;
  });
  reading.on('data', (chunk: Buffer) => reader.read(chunk));
  reading.write(hello(-1));
  let sent = 0;
  while (hub.nodesCut === 0) {
    reading.write(publish(500_000));
    sent++;
    await until(() => messages === sent);
  }
  assert.equal(hub.nodesCut, 1);
});

test('keeps the latest frames, bounded by messages and by bytes', () => {
  const backlog = new Backlog(5, 10);
  assert.equal(backlog.beforeOldest(0), 0);
  for (const [lastId, count, size] of [
    [2, 2, 3],
    [4, 2, 3],
    [6, 2, 3],
  ]) {
    backlog.add(lastId, count, Buffer.alloc(size));
  }
  assert.equal(backlog.beforeOldest(6), 2);
  assert.equal([...backlog.after(2)].length, 2);
  assert.equal([...backlog.after(5)].length, 1);
  backlog.add(7, 1, Buffer.alloc(11));
  assert.equal(backlog.beforeOldest(7), 7, 'a frame beyond the bound is not kept');
  for (let id = 8; id < 5_000; id++) backlog.add(id, 1, Buffer.alloc(1));
  assert.deepEqual([...backlog.after(0)].length, 5);
});
