import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Run } from '../../contract/result.ts';
import { comparisonRuns } from '../testing/sampleComparison.ts';
import { sampleResult } from '../testing/sampleResult.ts';
import { sampleRun } from '../testing/sampleRun.ts';
import { compareSources } from './comparison.ts';
import { differencesOf } from './differences.ts';

function differences(...sides: readonly (readonly Run[])[]) {
  const sources = sides.map((runs, i) => ({ name: `r${i}`, result: sampleResult({ runs: [...runs] }) }));
  return differencesOf(sources, compareSources(sources).servers);
}

const withLoad = (over: Run['workload'], run = sampleRun()): Run => ({
  ...run,
  workload: { ...run.workload, ...over },
});

test('like compared with like differs in nothing', () => {
  assert.deepEqual(differences([sampleRun()], [sampleRun()]), []);
  assert.deepEqual(differences(comparisonRuns()), []);
});

test('a load that differs is named with each side’s value; what an older result does not say is no difference', () => {
  assert.deepEqual(differences([withLoad({ ratePerSecond: 400 })], [withLoad({ ratePerSecond: 800 })]), [
    { what: 'ratePerSecond', values: ['sse:shared (r0): 400', 'sse:shared (r1): 800'] },
  ]);
  assert.deepEqual(
    differences([withLoad({ pollIntervalMs: undefined })], [withLoad({ pollIntervalMs: 2_000 })]),
    [],
  );
});

test('a window that polling stretches to whole intervals is none; one between servers that push is', () => {
  const [poll, sse, ws] = comparisonRuns();
  assert.ok(poll && sse && ws);
  assert.deepEqual(differences([withLoad({ durationMs: 60_000 }, poll), sse]), []);
  assert.equal(differences([withLoad({ durationMs: 60_000 }, sse), ws])[0]?.what, 'durationMs');
});

test('another protection in another result is named; several kinds in one result are what is compared', () => {
  const under = (kind: Run['security']['kind']) => sampleRun({ security: { ...sampleRun().security, kind } });
  assert.deepEqual(differences([under('plain')], [under('tls')]), [
    { what: 'security', values: ['r0: plain', 'r1: tls'] },
  ]);
  assert.deepEqual(differences([under('plain'), under('tls')]), []);
});

test('the streams on a connection are named where they differ, unless they are what is swept', () => {
  const { plan } = sampleRun();
  const shaped = (streamsPerConnection: number, sweep: Run['sweep'] = null) =>
    sampleRun({ plan: { ...plan, streamsPerConnection }, sweep });
  assert.deepEqual(differences([shaped(1), shaped(100)]), [
    { what: 'streams on a connection', values: ['sse:shared (r0): 1', 'sse:shared x100 (r0): 100'] },
  ]);
  const swept = [1, 100].map((value) => shaped(value, { key: 'streamsPerConnection', value }));
  assert.deepEqual(differences(swept), []);
});
