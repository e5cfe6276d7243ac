import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type TestContext, test } from 'node:test';
import { type ClientDuplexStream, type StatusObject, status } from '@grpc/grpc-js';
import { DEFAULT_FLOW_LIMITS } from '../../contract/flow.ts';
import { EVENT_KIND } from '../../contract/grpc.ts';
import { DEFAULT_SERVER_LIMITS, type Endpoint } from '../../contract/pushServer.ts';
import { grpcExchange } from '../../test/grpcExchange.ts';
import { Inbox } from '../../test/inbox.ts';
import { idsOf, publish, type Subject, start, textOf } from '../../test/serverConformanceClient.ts';
import { grpcClient, grpcFixture, grpcFrame } from '../../test/serverFixtureGrpc.ts';
import { EmbeddedHub } from '../bus/embedded/hub.ts';
import { methodOf } from './pushProto.ts';

const FIXTURE = grpcFixture('Chat');
const SUBJECT: Subject = { stage: 'grpc', variant: 'bidi', fixture: FIXTURE, frees: 'at-disconnect' };

interface Heard {
  readonly id: number;
  readonly kind: number;
  readonly text: string;
}

/** A client that has joined a room, and what it heard there. */
class Member {
  readonly heard = new Inbox<Heard>();
  readonly #call: ClientDuplexStream<object, object>;

  constructor(call: ClientDuplexStream<object, object>) {
    this.#call = call;
    call.on('error', () => {});
    call.on('status', () => this.heard.close());
    call.on('data', (event: object) => {
      const { id, kind, data }: Readonly<Record<string, unknown>> = { ...event };
      this.heard.put({ id: Number(id), kind: Number(kind), text: String(data) });
    });
  }

  say(text: string): void {
    this.#call.write({ message: Buffer.from(text) });
  }

  type(text: string): void {
    this.#call.write({ typing: Buffer.from(text) });
  }

  endHalf(): void {
    this.#call.end();
  }
}

async function join(t: TestContext, endpoint: Endpoint, topic = 'room'): Promise<Member> {
  const { path, requestSerialize, responseDeserialize } = methodOf('Chat');
  const call = grpcClient(t, endpoint).makeBidiStreamRequest(path, requestSerialize, responseDeserialize);
  const member = new Member(call);
  const opened = once(call, 'metadata');
  call.write({ join: { topic } });
  await opened;
  return member;
}

const message = (id: number, text: string): Heard => ({ id, kind: EVENT_KIND.message, text });
const typing = (text: string): Heard => ({ id: 0, kind: EVENT_KIND.typing, text });

test('what a member says is published to all of its room, itself included', async (t) => {
  const { endpoint } = await start(t, SUBJECT);
  const [ann, bob] = [await join(t, endpoint), await join(t, endpoint)];
  const elsewhere = await join(t, endpoint, 'other');
  for (const text of ['one', 'two', 'three']) ann.say(text);
  const all = [message(1, 'one'), message(2, 'two'), message(3, 'three')];
  assert.deepEqual(await ann.heard.take(3), all);
  assert.deepEqual(await bob.heard.take(3), all);
  await publish(endpoint, 'other', 'only this');
  assert.deepEqual(await elsewhere.heard.next(), message(4, 'only this'));
});

test('a typing notice is relayed and not kept', async (t) => {
  const { endpoint, server } = await start(t, SUBJECT);
  const [ann, bob] = [await join(t, endpoint), await join(t, endpoint)];
  ann.say('first');
  ann.type('ann types');
  ann.say('second');
  const all = [message(1, 'first'), typing('ann types'), message(2, 'second')];
  assert.deepEqual(await bob.heard.take(3), all);
  assert.equal(server.stats().published, 2);
  const late = await FIXTURE.subscribe(t, endpoint, { topic: 'room', lastEventId: '0' });
  assert.deepEqual(idsOf(await late.take(2)), [1, 2]);
});

test('a member that has ended its half still hears', async (t) => {
  const { endpoint } = await start(t, SUBJECT);
  const [ann, bob] = [await join(t, endpoint), await join(t, endpoint)];
  ann.say('my last');
  ann.endHalf();
  assert.deepEqual(await bob.heard.next(), message(1, 'my last'));
  bob.say('still there?');
  assert.deepEqual(await ann.heard.take(2), [message(1, 'my last'), message(2, 'still there?')]);
});

const said = (request: object): Buffer => grpcFrame(methodOf('Chat').requestSerialize(request));

/** All at once, as no client library would say it; the status of its end. */
async function saying(t: TestContext, endpoint: Endpoint, requests: readonly object[]): Promise<string> {
  const bytes = Buffer.concat([said({ join: { topic: 'room' } }), ...requests.map(said)]);
  const { grpcStatus } = await grpcExchange(t, endpoint, { path: methodOf('Chat').path, bytes });
  return status[grpcStatus ?? -1];
}

test('nothing is taken that follows a refused request', async (t) => {
  const { endpoint, server } = await start(t, SUBJECT);
  const requests = [{ join: { topic: 'room' } }, { message: Buffer.from('x') }, { typing: Buffer.from('y') }];
  assert.equal(await saying(t, endpoint, requests), 'FAILED_PRECONDITION');
  assert.equal(server.stats().published, 0);
});

test('typing notices are refused while too much waits, as messages are', async (t) => {
  const flow = { ...DEFAULT_FLOW_LIMITS, serverMessages: { high: 2, low: 1 } };
  const { endpoint, server } = await start(t, SUBJECT, { flow });
  const requests = Array.from({ length: 50 }, () => ({ typing: Buffer.from('x') }));
  assert.equal(await saying(t, endpoint, requests), 'RESOURCE_EXHAUSTED');
  assert.equal(server.stats().flow.refusedPublishes, 1);
});

test('a call that joins no room in time is ended', async (t) => {
  const limits = { ...DEFAULT_SERVER_LIMITS, headerTimeoutMs: 50 };
  const { endpoint } = await start(t, SUBJECT, { limits });
  const { path, requestSerialize, responseDeserialize } = methodOf('Chat');
  const call = grpcClient(t, endpoint).makeBidiStreamRequest(path, requestSerialize, responseDeserialize);
  call.on('error', () => {});
  const { code } = await new Promise<StatusObject>((resolve) => call.on('status', resolve));
  assert.equal(status[code], 'DEADLINE_EXCEEDED');
});

test('members at different instances are in one room, typing included', async (t) => {
  const hub = new EmbeddedHub();
  t.after(() => hub.stop());
  const busUrl = await hub.listen();
  const first = await start(t, SUBJECT, { busUrl, nodeId: 'n1' });
  const second = await start(t, SUBJECT, { busUrl, nodeId: 'n2' });
  const [ann, bob] = [await join(t, first.endpoint), await join(t, second.endpoint)];
  ann.type('ann types');
  assert.deepEqual(await bob.heard.next(), typing('ann types'));
  ann.say('hello');
  assert.deepEqual(await bob.heard.next(), message(1, 'hello'));
});

test('a member that subscribes hears what is posted', async (t) => {
  const { endpoint } = await start(t, SUBJECT);
  const subscriber = await FIXTURE.subscribe(t, endpoint, { topic: 'room' });
  await publish(endpoint, 'room', 'posted');
  assert.equal(textOf(await subscriber.next()), 'posted');
});
