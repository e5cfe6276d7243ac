import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { DEFAULT_TOLERANCES, gateMetric } from './gateMetrics.ts';
import { walshAverages } from './hodgesLehmann.ts';
import { intervalRank, signedRankDistribution } from './signedRank.ts';

const document = await readFile(new URL('../../docs/gate.md', import.meta.url), 'utf8');

/** Cells of the row of docs/gate.md that begins with a name. */
function cells(name: string): string[] {
  const row =
    document.split('\n').find((line) => line.startsWith(`| ${name} |`)) ?? assert.fail(`no row of ${name}`);
  return row
    .split('|')
    .slice(2, -1)
    .map((cell) => cell.trim());
}

test('docs/gate.md tells the ranks and confidences that intervals have', () => {
  const blocks = cells('blocks').map(Number);
  const intervals = blocks.map((n) => intervalRank(signedRankDistribution(n)) ?? assert.fail(`${n} blocks`));
  assert.deepEqual(
    cells('k').map(Number),
    intervals.map(({ rank }) => rank),
  );
  assert.deepEqual(
    cells('confidence, %'),
    intervals.map(({ confidence }) => (confidence * 100).toFixed(1)),
  );
  assert.deepEqual(
    cells('Walsh averages').map(Number),
    blocks.map((n) => walshAverages(new Array(n).fill(0)).length),
  );
});

test('docs/gate.md tells what decides by default, and each of these can', () => {
  for (const [path, tolerance] of DEFAULT_TOLERANCES) {
    const [told] = cells(`\`${path}\``);
    assert.equal(told, gateMetric(path)?.scale === 'share' ? `${tolerance * 100} %` : `${tolerance} per run`);
  }
});
