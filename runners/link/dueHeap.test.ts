import assert from 'node:assert/strict';
import { test } from 'node:test';
import { seededRandom } from '../../contract/random.ts';
import { delaysOf } from './delays.ts';
import { DueHeap } from './dueHeap.ts';

test('what is due first comes out first, however things were put in and taken out', () => {
  const random = seededRandom(7);
  const heap = new DueHeap<{ readonly dueUs: number }>();
  let inside: number[] = [];
  for (let step = 0; step < 5_000; step++) {
    if (random() < 0.55) {
      const dueUs = Math.floor(random() * 1_000);
      heap.push({ dueUs });
      inside.push(dueUs);
      continue;
    }
    inside = inside.sort((a, b) => a - b);
    assert.equal(heap.first?.dueUs, inside[0]);
    assert.equal(heap.pop()?.dueUs, inside.shift());
  }
  while (inside.length > 0) assert.equal(heap.pop()?.dueUs, inside.sort((a, b) => a - b).shift());
  assert.equal(heap.pop(), undefined);
});

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
