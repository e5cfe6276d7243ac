import assert from 'node:assert/strict';
import { test } from 'node:test';
import { StreamLength } from './streamLength.ts';

const MIB = 1_048_576;
const BODY = Buffer.alloc(MIB);

/** Publishes the sizes one after the other into a stream that keeps what it is told. @returns bytes of data kept at most */
function keptBytes(sizes: readonly number[]): number {
  const length = new StreamLength();
  let first = 0;
  let bytes = 0;
  let most = 0;
  for (const [i, size] of sizes.entries()) {
    const kept = length.after([{ topic: 't', data: BODY.subarray(0, size) }]);
    bytes += size;
    while (i + 1 - first > kept) bytes -= sizes[first++];
    most = Math.max(most, bytes);
  }
  return most;
}

test('keeps as many small messages as there may be', () => {
  const length = new StreamLength();
  assert.equal(length.after([{ topic: 't', data: BODY.subarray(0, 256) }]), 100_000);
});

test('holds its bytes, whatever the messages take, also where they grow', () => {
  const rows: readonly (readonly [name: string, sizes: readonly number[]])[] = [
    ['8 KiB', Array(50_000).fill(8_192)],
    ['1 MiB', Array(1_000).fill(MIB)],
    ['from 1 KiB to 1 MiB', [...Array(100_000).fill(1_024), ...Array(1_000).fill(MIB)]],
    ['one of 1 MiB in a hundred', Array.from({ length: 50_000 }, (_, i) => (i % 100 === 0 ? MIB : 1_024))],
  ];
  for (const [name, sizes] of rows) {
    const mebibytes = keptBytes(sizes) / MIB;
    assert.ok(mebibytes > 128 && mebibytes < 400, `${name}: ${mebibytes} MiB`);
  }
});
