import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { seededRandom } from '../../contract/random.ts';
import { packArray, unpackInt32, unpackUint32 } from './binary.ts';
import { encodeHistogram, initHistograms, mergeHistograms, newHistogram, recordUs } from './histograms.ts';

before(initHistograms);

test('the merge of the histograms of k processes is the histogram of one', () => {
  const random = seededRandom(11);
  const one = newHistogram();
  const parts = Array.from({ length: 4 }, newHistogram);
  for (let i = 0; i < 20_000; i++) {
    const us = Math.exp(random() * 15);
    recordUs(one, us);
    recordUs(parts[Math.floor(random() * 4)], us);
  }
  const merged = mergeHistograms(parts.map(encodeHistogram));
  assert.equal(merged.totalCount, 20_000);
  // What is encoded keeps three digits of the largest value.
  assert.ok(Math.abs(merged.maxValue - one.maxValue) <= one.maxValue / 1_000);
  for (let percentile = 0; percentile <= 100; percentile += 0.5)
    assert.equal(merged.getValueAtPercentile(percentile), one.getValueAtPercentile(percentile));
  assert.equal(encodeHistogram(merged), encodeHistogram(one));
  for (const histogram of [merged, one, ...parts]) histogram.destroy();
});

test('merging none gives an empty one', () => {
  const none = mergeHistograms([]);
  assert.equal(none.totalCount, 0);
  const empty = mergeHistograms([encodeHistogram(none)]);
  assert.equal(empty.totalCount, 0);
  none.destroy();
  empty.destroy();
});

test('keeps three digits, and counts what is negative or above an hour', () => {
  const histogram = newHistogram();
  for (const us of [-3, 0.4, 1_234_567, 1e12]) recordUs(histogram, us);
  assert.equal(histogram.totalCount, 4);
  assert.equal(histogram.getValueAtPercentile(50), 0);
  assert.ok(Math.abs(histogram.getValueAtPercentile(75) - 1_234_567) <= 1_234_567 / 1_000);
  assert.ok(Math.abs(histogram.getValueAtPercentile(100) - 3.6e9) <= 3.6e6);
  histogram.destroy();
});

test('arrays survive the way over the channel', () => {
  const signed = Int32Array.of(-1, 0, 2 ** 31 - 1, -(2 ** 31));
  assert.deepEqual(unpackInt32(packArray(signed)), signed);
  const large = new Uint32Array(240 * 896);
  large[5] = 2 ** 32 - 1;
  large[large.length - 1] = 1;
  const packed = packArray(large);
  assert.deepEqual(unpackUint32(packed), large);
  assert.ok(packed.length < 10_000, `${packed.length} bytes`);
  // A view that does not begin at its buffer's beginning.
  assert.deepEqual(unpackUint32(packArray(large.subarray(4, 7))), Uint32Array.of(0, 2 ** 32 - 1, 0));
});
