import assert from 'node:assert/strict';
import { test } from 'node:test';
import { plainNumbers } from './numbers.ts';
import { reasonFigure } from './reasonFigure.ts';

const REASON = { code: 'x', verdict: 'SUSPECT', families: ['latency'], message: '', advice: '' } as const;

test('figure and bound of a reason stand in the units that the rest of a report has', () => {
  const said = (figure: number, bound: number, unit: string) =>
    plainNumbers(reasonFigure({ ...REASON, families: ['latency'], figure, bound, unit }));
  assert.equal(said(1_710, 1_550, 'us'), 'Measured 1.71 ms, bound 1.55 ms');
  assert.equal(said(66_000, 65_000, 'ms'), 'Measured 66 s, bound 65 s');
  assert.equal(said(0.432, 0.4, 'share'), 'Measured 43.2 %, bound 40 %');
  assert.equal(said(0.27, 0.05, 'cores'), 'Measured 0.27 cores, bound 0.05 cores');
  assert.equal(said(12, 0, 'count'), 'Measured 12, bound 0');
  assert.equal(said(3, 0, 'pages'), 'Measured 3 pages, bound 0 pages');
});
