import assert from 'node:assert/strict';
import { test } from 'node:test';
import { intervalRank, signedRankDistribution } from './signedRank.ts';

/** Probability of each sum of ranks by writing out all signs. */
function writtenOut(n: number): number[] {
  const counts = new Array((n * (n + 1)) / 2 + 1).fill(0);
  for (let signs = 0; signs < 2 ** n; signs++) {
    let sum = 0;
    for (let rank = 1; rank <= n; rank++) if ((signs >> (rank - 1)) & 1) sum += rank;
    counts[sum] += 1;
  }
  return counts.map((count) => count / 2 ** n);
}

test('the distribution is that of all signs written out', () => {
  for (let n = 1; n <= 12; n++) assert.deepEqual([...signedRankDistribution(n)], writtenOut(n));
});

test('of 8 differences, a sum of 3 or less on either side has 3.91 %, as in the tables', () => {
  const tail = signedRankDistribution(8)
    .slice(0, 4)
    .reduce((sum, chance) => sum + chance, 0);
  assert.equal(2 * tail, 10 / 256);
});

// Two-sided 5 %, n = 6 to 20. Source: Wilcoxon and Wilcox, Some Rapid Approximate Statistical Procedures (1964), table 2.
const CRITICAL = [0, 2, 3, 5, 8, 10, 13, 17, 21, 25, 29, 34, 40, 46, 52];

test('intervals leave out as many values at each end as the published critical value', () => {
  const ranks = CRITICAL.map((_, i) => intervalRank(signedRankDistribution(6 + i))?.rank);
  assert.deepEqual(
    ranks,
    CRITICAL.map((critical) => critical + 1),
  );
});

test('of fewer than 6 differences there is no interval, and of 6 the widest has 96.9 %', () => {
  for (const n of [0, 1, 2, 3, 4, 5]) assert.equal(intervalRank(signedRankDistribution(n)), null);
  assert.deepEqual(intervalRank(signedRankDistribution(6)), { rank: 1, confidence: 1 - 2 / 64 });
});

test('the next narrower interval would have less than 95 %', () => {
  for (let n = 6; n <= 40; n++) {
    const distribution = signedRankDistribution(n);
    const interval = intervalRank(distribution);
    assert.ok(interval && interval.confidence >= 0.95);
    assert.ok(interval.confidence - 2 * distribution[interval.rank] < 0.95);
  }
});

test('many differences are as near to the normal distribution as they should be', () => {
  const n = 200;
  const spread = Math.sqrt((n * (n + 1) * (2 * n + 1)) / 24);
  const expected = (n * (n + 1)) / 4 + 0.5 - 1.959964 * spread;
  const interval = intervalRank(signedRankDistribution(n));
  assert.ok(interval && Math.abs(interval.rank - expected) <= 2);
});
