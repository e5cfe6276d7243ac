import assert from 'node:assert/strict';
import { isUtf8 } from 'node:buffer';
import { describe, it } from 'node:test';
import { seededRandom } from '../../../test/driverConformanceStreams.ts';
import { isUtf8Text, Utf8Check } from './utf8.ts';

/** Bytes at which the rules change. */
const EDGES = [
  0x00, 0x41, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0, 0xc1, 0xc2, 0xdf, 0xe0, 0xe1, 0xec, 0xed, 0xee,
  0xef, 0xf0, 0xf1, 0xf3, 0xf4, 0xf5, 0xff,
];

function inParts(bytes: Uint8Array, cut: number): boolean {
  const check = new Utf8Check();
  return check.take(bytes, 0, cut) && check.take(bytes, cut, bytes.length) && check.isWhole;
}

describe('UTF-8', () => {
  it('is checked in parts as the native check does it whole, for every pair and many longer rows of edge bytes', () => {
    const rows = EDGES.flatMap((first) => EDGES.map((second) => [first, second]));
    const random = seededRandom(1);
    for (let i = 0; i < 20_000; i++) {
      rows.push(
        Array.from(
          { length: 1 + Math.floor(random() * 5) },
          () => EDGES[Math.floor(random() * EDGES.length)],
        ),
      );
    }
    for (const row of rows) {
      const bytes = Uint8Array.from(row);
      const expected = isUtf8(bytes);
      for (let cut = 0; cut <= bytes.length; cut++)
        assert.equal(inParts(bytes, cut), expected, row.join(' '));
      assert.equal(isUtf8Text(bytes, 0, bytes.length), expected);
    }
  });

  it('is looked for between start and end only', () => {
    const bytes = Buffer.concat([Buffer.from([0xff]), Buffer.alloc(300, 'x'), Buffer.from([0xff])]);
    assert.equal(isUtf8Text(bytes, 1, 301), true);
    assert.equal(isUtf8Text(bytes, 1, 302), false);
    assert.equal(isUtf8Text(bytes, 0, 10), false);
  });
});
