import assert from 'node:assert/strict';
import { test } from 'node:test';
import { seededRandom } from '../../contract/random.ts';
import { delaysOf } from './delays.ts';

test('delays are drawn uniformly over the jitter round half of the round trip, and anew with each', () => {
  const delayUs = delaysOf({ rttMs: 80, jitterMs: 20 }, seededRandom(1));
  const drawn = Array.from({ length: 10_000 }, delayUs).sort((a, b) => a - b);
  // Within four standard errors of a quantile of so many draws, 100 us at most each.
  for (const quantile of [0.1, 0.5, 0.9])
    assert.ok(Math.abs(drawn[quantile * drawn.length] - (30_000 + quantile * 20_000)) < 400);
  assert.ok(drawn[0] >= 30_000 && drawn[drawn.length - 1] <= 50_000);
});

test('without jitter every delay is half of the round trip', () => {
  const delayUs = delaysOf({ rttMs: 81, jitterMs: 0 }, seededRandom(1));
  assert.deepEqual([delayUs(), delayUs()], [40_500, 40_500]);
});
