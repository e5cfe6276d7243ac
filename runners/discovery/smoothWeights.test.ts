import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SmoothWeights } from './smoothWeights.ts';

for (const [weights, turns] of [
  [[1], '0000'],
  [[1, 1, 1], '012012'],
  [[5, 1, 1], '0010200'],
  [[2, 1], '010010'],
  [[3, 3, 1], '0120101'],
] as const) {
  test(`turns of weights ${weights.join(', ')}`, () => {
    const smooth = new SmoothWeights(weights);
    assert.equal(Array.from(turns, () => smooth.next()).join(''), turns);
  });
}

test('over whole rounds everyone gets exactly its share', () => {
  const weights = [7, 2, 4, 1];
  const smooth = new SmoothWeights(weights);
  const counts = weights.map(() => 0);
  for (let turn = 0; turn < 14 * 50; turn++) counts[smooth.next()]++;
  assert.deepEqual(
    counts,
    weights.map((weight) => weight * 50),
  );
});
