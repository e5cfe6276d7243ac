import assert from 'node:assert/strict';
import { test } from 'node:test';
import { liftVersion3 } from './resultVersion3.ts';
import { sampleResult } from './testing/sampleResult.ts';
import { sampleRun } from './testing/sampleRun.ts';

/** A run as version 3 wrote it: without any field that version 4 brought. */
function runOfVersion3(): object {
  const { steadyState, generatorCeiling, clock, ...run } = sampleRun();
  const { link: noLink, ...plan } = run.plan;
  const { link: noRelay, ...cpu } = run.cpu;
  return { ...run, plan, cpu };
}

test('a result of version 3 becomes one of version 4 in which nothing new was looked at', () => {
  const old = { ...sampleResult(), schemaVersion: 3, runs: [runOfVersion3()] };
  const lifted = sampleRun({ steadyState: null, generatorCeiling: null, clock: null });
  assert.deepEqual(liftVersion3(old), sampleResult({ runs: [lifted] }));
});

test('what is no result is left for the reader to name', () => {
  for (const data of [null, [], 'x', 7]) assert.deepEqual(liftVersion3(data), data);
  assert.deepEqual(liftVersion3({ runs: [null, 1] }), { schemaVersion: 4, runs: [null, 1] });
});
