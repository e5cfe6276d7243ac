import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { CHAT_METHOD, type GrpcMethod, SUBSCRIBE_METHOD } from '../../../contract/grpc.ts';
import { ProtobufMessages } from './protobufMessages.ts';
import { callOf, sayingMessage, subscriptionMessage } from './subscription.ts';

const FOREIGN: GrpcMethod = {
  ...SUBSCRIBE_METHOD,
  path: '/other.Feed/Watch',
  topicField: [4, 17, 2],
  lastIdField: [4, 3],
};

const CASES: readonly [
  what: string,
  method: GrpcMethod,
  topic: string,
  lastId: string | null,
  hex: string,
][] = [
  ['a topic', SUBSCRIBE_METHOD, 't0', null, '0a027430'],
  ['a topic and the id 0', SUBSCRIBE_METHOD, 't0', '0', '0a0274301000'],
  ['a topic and an id', SUBSCRIBE_METHOD, 't0', '300', '0a02743010ac02'],
  ['the largest id', SUBSCRIBE_METHOD, 't0', '18446744073709551615', '0a02743010ffffffffffffffffff01'],
  ['an id beyond 64 bits', SUBSCRIBE_METHOD, 't0', '18446744073709551616', '0a027430'],
  ['an id that is no number', SUBSCRIBE_METHOD, 't0', 'abc', '0a027430'],
  ['no topic', SUBSCRIBE_METHOD, '', null, ''],
  ['a topic within a message', CHAT_METHOD, 't0', null, '0a040a027430'],
  ['topic and id within a message', CHAT_METHOD, 't0', '1', '0a060a0274301001'],
  ['a room without a name', CHAT_METHOD, '', null, '0a020a00'],
  ['a method without either', { ...SUBSCRIBE_METHOD, topicField: null, lastIdField: null }, 't0', '7', ''],
];

describe('subscriptionMessage', () => {
  for (const [what, method, topic, lastId, hex] of CASES) {
    it(`writes ${what}`, () => {
      assert.equal(subscriptionMessage(method, topic, lastId).toString('hex'), hex);
    });
  }

  it('writes what protobufjs reads the same', () => {
    for (const method of [SUBSCRIBE_METHOD, CHAT_METHOD]) {
      const ours = subscriptionMessage(method, 'room', '9007199254740993').toString('hex');
      assert.equal(
        ours,
        Buffer.from(new ProtobufMessages(method).subscription('room', '9007199254740993')).toString('hex'),
      );
    }
  });

  it('writes paths that part after their first field', () => {
    // 4: { 3: 5, 17: { 2: "t" } }
    assert.equal(subscriptionMessage(FOREIGN, 't', '5').toString('hex'), '220818058a0103120174');
  });
});

describe('sayingMessage', () => {
  it('writes each saying into its own field', () => {
    assert.equal(sayingMessage(CHAT_METHOD, 'message', Buffer.from('a')).toString('hex'), '120161');
    assert.equal(sayingMessage(CHAT_METHOD, 'typing', Buffer.from('a')).toString('hex'), '1a0161');
  });

  it('refuses a method that says nothing', () => {
    assert.throws(() => sayingMessage(SUBSCRIBE_METHOD, 'message', Buffer.from('a')), RangeError);
  });
});

describe('callOf', () => {
  for (const [target, path, topic] of [
    ['/a.B/C?topic=t17', '/a.B/C', 't17'],
    ['/a.B/C?x=1&topic=a%20b', '/a.B/C', 'a b'],
    ['/a.B/C', '/a.B/C', ''],
  ]) {
    it(`splits ${target}`, () => assert.deepEqual(callOf(target), { path, topic }));
  }
});
