import assert from 'node:assert/strict';
import { test } from 'node:test';
import { build } from 'hdr-histogram-js';
import { latencyStats, quantileWithLost } from './latencyStats.ts';

/** 1, 2, ... count microseconds, each once. */
function oneToN(count: number) {
  const histogram = build({ numberOfSignificantValueDigits: 3, bitBucketSize: 32 });
  for (let us = 1; us <= count; us++) histogram.recordValue(us);
  return histogram;
}

test('figures of 1 to 1,000 us', () => {
  const stats = latencyStats(oneToN(1_000), { messages: 20 });
  assert.deepEqual(stats, {
    count: 1_000,
    messages: 20,
    min: 1,
    mean: stats.mean,
    p50: 500,
    p90: 900,
    p95: 950,
    p99: 990,
    p999: 999,
    max: 1_000,
  });
  assert.ok(Math.abs((stats.mean ?? 0) - 500.5) < 1);
});

test('a lost delivery lies at infinity: it moves every percentile up, and ends the tail', () => {
  // 990 arrived, 10 were lost: 1 % of 1,000.
  const stats = latencyStats(oneToN(990), { lost: 10, messages: 1_000 });
  assert.equal(stats.p50, 500);
  assert.equal(stats.p99, 990);
  assert.equal(stats.p999, null);
  assert.equal(stats.mean, null);
  assert.equal(stats.max, null);
  assert.equal(stats.min, 1);
  assert.equal(latencyStats(oneToN(989), { lost: 11, messages: 1_000 }).p99, null);
});

test('where more than half was lost even the median is not defined', () => {
  assert.equal(quantileWithLost(oneToN(500), 500, 0.5), 500);
  assert.equal(quantileWithLost(oneToN(499), 501, 0.5), null);
});

test('nothing counted: nothing said', () => {
  for (const lost of [0, 7]) {
    const stats = latencyStats(oneToN(0), { lost, messages: 0 });
    const { count, messages, ...figures } = stats;
    assert.deepEqual([count, messages], [0, 0]);
    assert.deepEqual([...new Set(Object.values(figures))], [null]);
  }
});

test('the rank that is meant, where 100 times a fraction and back is a hair more than it', () => {
  const histogram = oneToN(193);
  for (let rank = 1; rank <= 193; rank++) assert.equal(quantileWithLost(histogram, 0, rank / 193), rank);
});
