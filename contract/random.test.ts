import assert from 'node:assert/strict';
import { test } from 'node:test';
import { seededRandom, shuffle } from './random.ts';

test('the same seed gives the same numbers, another seed others', () => {
  const draw = (seed: number) => Array.from({ length: 20 }, seededRandom(seed));
  assert.deepEqual(draw(1), draw(1));
  assert.notDeepEqual(draw(1), draw(2));
});

test('numbers are in [0, 1) and fill ten bins evenly', () => {
  const random = seededRandom(42);
  const bins = new Array(10).fill(0);
  for (let i = 0; i < 100_000; i++) bins[Math.floor(random() * 10)]++;
  assert.equal(bins.length, 10);
  for (const bin of bins) assert.ok(Math.abs(bin - 10_000) < 500, `${bins}`);
});

test('a shuffle keeps every item and is settled by its seed', () => {
  const items = Array.from({ length: 100 }, (_, i) => i);
  const shuffled = shuffle([...items], seededRandom(5));
  assert.notDeepEqual(shuffled, items);
  assert.deepEqual(shuffle([...items], seededRandom(5)), shuffled);
  assert.deepEqual(
    [...shuffled].sort((a, b) => a - b),
    items,
  );
  assert.deepEqual([...shuffle(Uint32Array.from(items), seededRandom(5))], shuffled);
});
