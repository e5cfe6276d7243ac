import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type TestContext, test } from 'node:test';
import WebSocket from 'ws';
import type { Endpoint } from '../../contract/pushServer.ts';
import { startNode } from './testing/startNode.ts';
import { readSaid } from './uplink.ts';

/** A member of a room, and what it heard from its first moment on. */
class Member {
  readonly socket: WebSocket;
  readonly heard: string[] = [];

  private constructor(socket: WebSocket) {
    this.socket = socket;
    socket.on('message', (data: Buffer) => this.heard.push(data.toString()));
  }

  static async join(t: TestContext, { host, port }: Endpoint, topic: string, lastId = ''): Promise<Member> {
    const member = new Member(new WebSocket(`ws://${host}:${port}/ws?topic=${topic}&lastEventId=${lastId}`));
    t.after(() => member.socket.terminate());
    await once(member.socket, 'open');
    return member;
  }

  /** When so many messages have come. */
  async hears(count: number): Promise<readonly string[]> {
    while (this.heard.length < count) await once(this.socket, 'message');
    return this.heard;
  }
}

test('reads what a client says from the first word', () => {
  const read = (text: string) => {
    const said = readSaid(Buffer.from(text));
    return said === null ? null : `${said.kind}: ${said.data.toString()}`;
  };
  assert.equal(read('say hello there'), 'message: hello there');
  assert.equal(read('say '), 'message: ');
  assert.equal(read('typing Ada'), 'typing: Ada');
  for (const nothing of ['', 'say', 'sa', 'Say hello', 'typing', 'hello']) assert.equal(read(nothing), null);
});

test('relays what a member says to all of the room, the sender included, and to nobody else', async (t) => {
  const { endpoint, server } = await startNode(t);
  const [sender, member, other] = await Promise.all(
    ['room', 'room', 'other'].map((topic) => Member.join(t, endpoint, topic)),
  );
  sender.socket.send('typing Ada');
  sender.socket.send(Buffer.from('say hello'));
  const expected = [
    '{"type":"typing","topic":"room","payload":"Ada"}',
    '{"id":1,"type":"message","topic":"room","payload":"hello"}',
  ];
  assert.deepEqual(await sender.hears(2), expected);
  assert.deepEqual(await member.hears(2), expected);
  other.socket.send('say here');
  assert.deepEqual(await other.hears(1), ['{"id":2,"type":"message","topic":"other","payload":"here"}']);
  assert.equal(server.stats().published, 2);
});

test('keeps no typing notice for those who come back', async (t) => {
  const { endpoint } = await startNode(t);
  const first = await Member.join(t, endpoint, 'room');
  for (const said of ['say one', 'typing Ada', 'say two']) first.socket.send(said);
  await first.hears(3);
  const back = await Member.join(t, endpoint, 'room', '1');
  assert.deepEqual(await back.hears(1), ['{"id":2,"type":"message","topic":"room","payload":"two"}']);
});

test('ends the connection of a client that says more than anybody types', async (t) => {
  const { endpoint, server } = await startNode(t, { pingMs: 1_000 });
  const [loud, member] = await Promise.all(['room', 'room'].map((topic) => Member.join(t, endpoint, topic)));
  for (let i = 0; i <= 50; i++) loud.socket.send(`say ${i}`);
  const [code, reason]: [number, Buffer] = await new Promise((resolve) =>
    loud.socket.once('close', (...end) => resolve(end)),
  );
  assert.equal(code, 1008);
  assert.match(reason.toString(), /50 messages per second/);
  assert.equal((await member.hears(50)).length, 50);
  assert.equal(server.stats().published, 50);
});
