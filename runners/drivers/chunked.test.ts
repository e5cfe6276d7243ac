import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { chunkedBody } from '../../test/driverConformanceStreams.ts';
import { CHUNKED, ChunkedDecoder, type ChunkedStatus } from './chunked.ts';

/** Decodes the parts in order; stops where the decoder does. */
function decode(parts: readonly string[]): { text: string; status: ChunkedStatus } {
  let text = '';
  const decoder = new ChunkedDecoder(1, {
    body: (_slot, bytes, start, end) => {
      text += Buffer.from(bytes.subarray(start, end)).toString('latin1');
    },
  });
  let status: ChunkedStatus = CHUNKED.more;
  for (const part of parts) {
    const bytes = Buffer.from(part, 'latin1');
    status = decoder.decode(0, bytes, 0, bytes.length, 1);
    if (status !== CHUNKED.more) break;
  }
  return { text, status };
}

describe('chunked decoder', () => {
  const body = chunkedBody(
    ['hello ', 'w', 'o', 'rld, a longer piece of text'],
    '0\r\nTrailer: x\r\nOther: y\r\n\r\n',
  );
  const expected = { text: 'hello world, a longer piece of text', status: CHUNKED.ended };

  it('decodes extensions and trailers, split anywhere', () => {
    assert.deepEqual(decode([body]), expected);
    assert.deepEqual(decode([...body]), expected);
    for (let at = 0; at <= body.length; at++) {
      assert.deepEqual(decode([body.slice(0, at), body.slice(at)]), expected, `split at ${at}`);
    }
  });

  it('takes sizes with capitals, leading zeros and blanks after them', () => {
    assert.deepEqual(decode(['00A \r\n0123456789\r\n0\r\n\r\n']), {
      text: '0123456789',
      status: CHUNKED.ended,
    });
  });

  for (const [what, text] of [
    ['no size', '\r\nabc'],
    ['a size that is no number', 'xyz\r\n'],
    ['a negative size', '-1\r\n'],
    ['a size without end', `${'f'.repeat(20)}\r\n`],
    ['a bare LF after the size', '3\nabc\r\n'],
    ['data longer than its size', '3\r\nabcd\r\n'],
    ['LF missing after the data', '3\r\nabc\rX'],
    ['LF missing at the very end', '0\r\n\rX'],
  ]) {
    it(`finds damage: ${what}`, () => {
      assert.equal(decode([text]).status, CHUNKED.damaged);
      assert.equal(decode([...text]).status, CHUNKED.damaged);
    });
  }
});
