import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Figure } from './figure.ts';
import { median } from './figure.ts';
import { figuresText, withFigures } from './performanceDocument.ts';

const EMPTY =
  '# Performance\n\n<!-- figures: written by npm run benchmark -->\n<!-- end of figures -->\n\nAfter.\n';
const figure = (what: string, measured: string): Figure => ({
  what,
  must: '4 KiB',
  aim: '',
  measured,
  ruler: 'slope',
});
const rows = (document: string): string[] =>
  document.split('\n').filter((line) => line.startsWith('| ') && !line.startsWith('| what'));

test('figures come between the markers, and what stands around them stays', () => {
  const document = withFigures(EMPTY, [figure('client', '3 KiB')], '2026-01-02');
  assert.deepEqual(rows(document), ['| client | 4 KiB |  | 3 KiB | slope | 2026-01-02 |']);
  assert.match(document, /^# Performance\n/);
  assert.match(document, /After\.\n$/);
});

test('a row measured again is replaced at its place; the others keep their figure and date', () => {
  const first = withFigures(EMPTY, [figure('client', '3 KiB'), figure('server', '5 KiB')], '2026-01-02');
  const second = withFigures(
    first,
    [figure('server', '4 KiB'), figure('client', '2 KiB')].slice(1),
    '2026-02-03',
  );
  assert.deepEqual(rows(second), [
    '| client | 4 KiB |  | 2 KiB | slope | 2026-02-03 |',
    '| server | 4 KiB |  | 5 KiB | slope | 2026-01-02 |',
  ]);
  assert.equal(withFigures(second, [], '2026-03-04'), second);
});

test('a document without its table is refused, not overwritten', () => {
  assert.throws(() => withFigures('# Performance\n', [], '2026-01-02'), /no table between/);
});

test('the terminal says the budget beside each figure', () => {
  assert.equal(figuresText([figure('client', '3 KiB')]), 'client   3 KiB   must 4 KiB\n');
});

test('the median is always a value that was measured', () => {
  assert.equal(median([9, 1, 5]), 5);
  assert.equal(median([4, 1, 3, 2]), 2);
  assert.throws(() => median([]), RangeError);
});
