import assert from 'node:assert/strict';
import { test } from 'node:test';
import { styleRuns } from '../charts/chart.ts';
import { sampleResult } from '../testing/sampleResult.ts';
import { suspectRun } from '../testing/sampleRun.ts';
import { type RunFigure, runFigures } from './runFigures.ts';

const DELIVERIES: RunFigure = {
  label: 'expected',
  definition: null,
  of: ({ deliveries }) => deliveries?.expected,
  format: String,
};
const view = {
  result: sampleResult(),
  runs: styleRuns([suspectRun()]),
  charts: new Map<string, never>(),
  profiles: [],
};
const textOf = (figure: RunFigure) => runFigures(view, [figure])?.text ?? '';

test('a doubt stands at the figures of its family, and at no others', () => {
  assert.match(textOf({ ...DELIVERIES, family: 'throughput' }), /<i class="SUSPECT"/);
  assert.doesNotMatch(textOf({ ...DELIVERIES, family: 'latency' }), /SUSPECT/);
  assert.doesNotMatch(textOf(DELIVERIES), /SUSPECT/);
});

test('a figure that no run measured has no row', () => {
  assert.equal(textOf({ ...DELIVERIES, of: () => null }), '');
});
