import assert from 'node:assert/strict';
import { test } from 'node:test';
import { measureEncodings } from './encodingTable.ts';

test('measures every encoding: bytes on the wire, time to make and to read', () => {
  const rows = measureEncodings(1_024);
  assert.deepEqual(
    rows.map(({ encoding, bytes }) => [encoding, bytes]),
    // JSON adds its envelope of 37 bytes; Protobuf 11 bytes, and base64 a third of all.
    [
      ['json', 1_061],
      ['text', 1_024],
      ['protobuf', 1_380],
    ],
  );
  for (const row of rows) assert.ok(row.encodeNs > 0 && row.parseNs > 0, row.encoding);
});
