import assert from 'node:assert/strict';
import { test } from 'node:test';
import { seededRandom } from '../contract/random.ts';
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
