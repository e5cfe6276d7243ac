import assert from 'node:assert/strict';
import { test } from 'node:test';
import { rankSumDistribution } from './rankSum.ts';
import { intervalRank } from './signedRank.ts';

/** Probability of each number of pairs by writing out all ways in which ranks can fall to the first sample. */
function writtenOut(a: number, b: number): number[] {
  const counts = new Array(a * b + 1).fill(0);
  let all = 0;
  for (let chosen = 0; chosen < 2 ** (a + b); chosen++) {
    const first = Array.from({ length: a + b }, (_, i) => (chosen >> i) & 1);
    if (first.filter(Boolean).length !== a) continue;
    const pairs = first.flatMap((isFirst, i) => (isFirst ? first.slice(0, i).filter((one) => !one) : []));
    counts[pairs.length] += 1;
    all += 1;
  }
  return counts.map((count) => count / all);
}

test('the distribution is that of all ranks written out', () => {
  for (const [a, b] of [
    [1, 1],
    [1, 5],
    [4, 4],
    [5, 3],
    [6, 7],
  ]) {
    const expected = writtenOut(a, b);
    [...rankSumDistribution(a, b)].forEach((chance, pairs) => {
      assert.ok(Math.abs(chance - expected[pairs]) < 1e-12);
    });
  }
});

// Two-sided 5 %. Source: the tables of Mann and Whitney as in Siegel, Nonparametric Statistics (1956), table K.
const CRITICAL = [
  [4, 4, 0],
  [5, 5, 2],
  [6, 6, 5],
  [8, 8, 13],
  [4, 10, 5],
  [10, 10, 23],
  [20, 20, 127],
] as const;

test('intervals leave out as many differences at each end as the published critical value', () => {
  for (const [a, b, critical] of CRITICAL) {
    assert.equal(intervalRank(rankSumDistribution(a, b))?.rank, critical + 1, `${a} and ${b}`);
  }
  assert.equal(intervalRank(rankSumDistribution(3, 3)), null);
});

test('it does not matter which sample is the first', () => {
  assert.deepEqual(intervalRank(rankSumDistribution(5, 9)), intervalRank(rankSumDistribution(9, 5)));
});
