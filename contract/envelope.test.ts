import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  DIGITS,
  ENVELOPE_BYTES,
  type Envelope,
  emptyEnvelope,
  findMarker,
  isMarkerAt,
  MARKER,
  readEnvelope,
  writeEnvelope,
} from './envelope.ts';

const SMALLEST: Envelope = emptyEnvelope();
const LARGEST: Envelope = {
  run: 2 ** 24 - 1,
  publisher: 2 ** 12 - 1,
  stream: 2 ** 24 - 1,
  seq: 2 ** 30 - 1,
  index: 2 ** 30 - 1,
  intendedUs: 2 ** 48 - 1,
  sentUs: 2 ** 48 - 1,
};
const DISTINCT: Envelope = {
  run: 1,
  publisher: 2,
  stream: 3,
  seq: 4,
  index: 65,
  intendedUs: 1_234_567_890_123,
  sentUs: 1_234_567_890_456,
};

function tokenOf(envelope: Envelope): Buffer {
  const bytes = Buffer.alloc(ENVELOPE_BYTES);
  writeEnvelope(bytes, 0, envelope);
  return bytes;
}

for (const [name, envelope] of [
  ['smallest', SMALLEST],
  ['largest', LARGEST],
  ['distinct', DISTINCT],
] as const) {
  test(`an envelope of ${name} numbers survives the round trip at any offset`, () => {
    for (const offset of [0, 1, 17]) {
      const bytes = Buffer.alloc(offset + ENVELOPE_BYTES + 5, '.');
      writeEnvelope(bytes, offset, envelope);
      const read = emptyEnvelope();
      assert.equal(findMarker(bytes, 0, bytes.length), offset);
      assert.equal(readEnvelope(bytes, offset, read), true);
      assert.deepEqual(read, envelope);
    }
  });
}

test('the token has the layout that is documented', () => {
  const token = tokenOf(DISTINCT).toString('latin1');
  assert.equal(token.slice(0, 4), MARKER);
  assert.equal(token.slice(4, 25), 'BAAABACAAADAAAAEAAABB');
  assert.equal(token.length, 41);
});

test('neither JSON, nor a URL, nor a form changes a byte of the token', () => {
  const token = tokenOf(LARGEST).toString('latin1') + DIGITS;
  assert.equal(JSON.stringify(token), `"${token}"`);
  assert.equal(encodeURIComponent(token), token);
  // A form may write the tilde as %7E; what is read back is the same.
  assert.equal(new URLSearchParams(new URLSearchParams({ token }).toString()).get('token'), token);
});

test('the marker cannot stand inside padding or numbers', () => {
  for (const character of MARKER.replace(/[A-Z]/g, '')) assert.equal(DIGITS.includes(character), false);
});

test('refuses a target that is too short', () => {
  assert.throws(() => writeEnvelope(Buffer.alloc(ENVELOPE_BYTES + 3), 4, DISTINCT), RangeError);
});

test('a damaged digit, a foreign version or a cut token is not read', () => {
  for (let at = 4; at < ENVELOPE_BYTES; at++) {
    const bytes = tokenOf(DISTINCT);
    bytes[at] = '!'.charCodeAt(0);
    assert.equal(readEnvelope(bytes, 0, emptyEnvelope()), false, `byte ${at}`);
  }
  const newer = tokenOf(DISTINCT);
  newer[4] = 'C'.charCodeAt(0);
  assert.equal(readEnvelope(newer, 0, emptyEnvelope()), false);
  assert.equal(readEnvelope(tokenOf(DISTINCT).subarray(0, -1), 0, emptyEnvelope()), false);
  assert.equal(readEnvelope(tokenOf(DISTINCT), -1, emptyEnvelope()), false);
});

test('finds no marker whose token would end outside of the range', () => {
  const bytes = Buffer.concat([Buffer.from('~P~PB'), tokenOf(DISTINCT)]);
  assert.equal(findMarker(bytes, 0, bytes.length), 5);
  assert.equal(findMarker(bytes, 0, bytes.length - 1), -1);
  assert.equal(findMarker(bytes, 6, bytes.length), -1);
  assert.equal(isMarkerAt(bytes, 0), false);
});
