import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BINS } from './bins.ts';
import { blocksOf } from './blocks.ts';
import { emptySlices, totalOf } from './slices.ts';

function rows(counts: readonly number[]) {
  const slices = emptySlices(counts.length);
  counts.forEach((count, row) => {
    slices.counts[row * BINS + 7] = count;
  });
  return slices;
}

test('all rows are in a block, in order, in blocks of nearly equal length', () => {
  const blocks = blocksOf(rows(Array.from({ length: 205 }, (_, row) => row + 1)));
  assert.equal(blocks.length, 20);
  assert.equal(
    blocks.reduce((sum, { counts }) => sum + totalOf(counts), 0),
    (205 * 206) / 2,
  );
  assert.ok(blocks.every(({ at }, i) => i === 0 || at > blocks[i - 1].at));
  // Rows 0 to 9 of 205: their middle is 5 rows into the window.
  assert.ok(Math.abs(blocks[0].at - 5 / 205) < 1e-12);
});

test('rows in which nothing was due make no block, and rows of which all was lost do', () => {
  const lost = new Float64Array(30);
  lost[29] = 4;
  const sparse = Array.from({ length: 30 }, (_, row) => (row % 3 === 0 ? 5 : 0));
  const blocks = blocksOf(rows(sparse), lost);
  assert.equal(blocks.length, 11);
  assert.deepEqual([blocks[10].lost, totalOf(blocks[10].counts)], [4, 0]);
  assert.equal(blocksOf(rows([0, 0, 0])).length, 0);
});
