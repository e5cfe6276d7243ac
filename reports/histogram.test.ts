import assert from 'node:assert/strict';
import { test } from 'node:test';
import { build, encodeIntoCompressedBase64 } from 'hdr-histogram-js';
import { decodeHistogram, quantileCurve } from './histogram.ts';

function uniform(): string {
  const histogram = build({ numberOfSignificantValueDigits: 3, bitBucketSize: 32 });
  for (let value = 1; value <= 1_000; value++) histogram.recordValue(value);
  return encodeIntoCompressedBase64(histogram);
}

test('the curve follows the histogram', () => {
  const curve = quantileCurve(decodeHistogram(uniform()), {
    messages: 1_000_000,
    lostShare: 0,
    pointsPerDecade: 1,
  });
  const p90 = curve.find(({ quantile }) => Math.abs(quantile - 0.9) < 1e-9);
  assert.equal(p90?.valueUs, 900);
});

test('the curve ends where the messages no longer support it', () => {
  const last = quantileCurve(decodeHistogram(uniform()), { messages: 368, lostShare: 0 }).at(-1);
  assert.ok(last && last.quantile >= 0.99 && last.quantile < 0.9901);
});

test('what was lost lies at infinity: the curve ends before it and shifts', () => {
  const curve = quantileCurve(decodeHistogram(uniform()), {
    messages: 1_000_000,
    lostShare: 0.5,
    pointsPerDecade: 100,
  });
  const last = curve.at(-1);
  assert.equal(last?.quantile, 0.5);
  assert.equal(last?.valueUs, 1_000);
});

test('nothing recorded, nothing drawn', () => {
  const empty = encodeIntoCompressedBase64(build({ bitBucketSize: 32 }));
  assert.deepEqual(quantileCurve(decodeHistogram(empty), { messages: 100, lostShare: 0 }), []);
});

test('a damaged histogram is an error that says so', () => {
  assert.throws(() => decodeHistogram('AAAA'), /cannot be decoded/);
});
