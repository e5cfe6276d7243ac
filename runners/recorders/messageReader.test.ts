import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ENVELOPE_BYTES, type Envelope, writeEnvelope } from '../../contract/envelope.ts';
import { MessageReader } from './messageReader.ts';

const envelopeOf = (seq: number): Envelope => ({
  run: 77,
  publisher: 0,
  stream: 9,
  seq,
  index: seq * 10,
  intendedUs: 5_000_000_000 + seq,
  sentUs: 5_000_000_040 + seq,
});

function payloadOf(seq: number, bytes = 200): string {
  const payload = Buffer.alloc(bytes, 'x');
  writeEnvelope(payload, 0, envelopeOf(seq));
  return payload.toString('latin1');
}

/** Reads a message that lies somewhere inside a larger read buffer. */
function read(reader: MessageReader, message: string | Buffer): boolean {
  const body = Buffer.from(message);
  const buffer = Buffer.concat([Buffer.from('noise'), body, Buffer.from(payloadOf(999))]);
  return reader.read(buffer, 5, 5 + body.length);
}

const plain = (seq: number) => payloadOf(seq);
const json = (seq: number) => JSON.stringify({ id: 12_345, topic: 't9', data: payloadOf(seq) });
/** A protobuf message as the server makes it: field 1, length-delimited, under base64. */
const protobuf = (seq: number) =>
  Buffer.concat([Buffer.from([0x08, 0x96, 0x01, 0x12, 0xc8, 0x01]), Buffer.from(payloadOf(seq))]).toString(
    'base64',
  );

for (const [name, encode] of Object.entries({ plain, json, protobuf })) {
  test(`finds every token of a ${name} stream`, () => {
    const reader = new MessageReader();
    for (let seq = 0; seq < 5; seq++) {
      assert.equal(read(reader, encode(seq)), true);
      assert.deepEqual(reader.envelope, envelopeOf(seq));
    }
  });
}

test('a stream may change its encoding from one message to the next', () => {
  const reader = new MessageReader();
  const encoders = [plain, json, protobuf, plain, protobuf, json, plain];
  encoders.forEach((encode, seq) => {
    assert.equal(read(reader, encode(seq)), true, `message ${seq}`);
    assert.equal(reader.envelope.seq, seq);
  });
});

test('the token may stand at another place each time, up to the end of the first 256 bytes', () => {
  const reader = new MessageReader();
  for (const before of [0, 40, 3, 256 - ENVELOPE_BYTES, 100, 0]) {
    assert.equal(read(reader, '-'.repeat(before) + payloadOf(before)), true, `${before} bytes before`);
    assert.equal(reader.envelope.seq, before);
  }
  assert.equal(read(reader, '-'.repeat(257 - ENVELOPE_BYTES) + payloadOf(1)), false);
});

test('a message without an undamaged token is not read, and the next one is', () => {
  const reader = new MessageReader();
  const damaged = payloadOf(1).replace('~PB.B', '~PB.B!');
  for (const message of [
    '',
    'hello',
    '~PB.',
    payloadOf(1).slice(0, ENVELOPE_BYTES - 1),
    damaged,
    '\u0000\xff',
  ]) {
    assert.equal(read(reader, message), false, JSON.stringify(message.slice(0, 20)));
    assert.equal(read(reader, payloadOf(2)), true);
    assert.equal(reader.envelope.seq, 2);
  }
});
