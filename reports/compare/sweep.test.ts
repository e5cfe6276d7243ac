import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Run } from '../../contract/result.ts';
import { sweepRuns } from '../testing/sampleComparison.ts';
import { sampleResult } from '../testing/sampleResult.ts';
import { groupRuns } from './serverGroup.ts';
import { sweptServers } from './sweep.ts';

const late = {
  verdict: 'INVALID' as const,
  code: 'sendLag',
  families: ['latency' as const],
  message: '',
  advice: '',
  figure: 1,
  bound: 0,
  unit: 'us',
};

test('a load that the generator could not give is no knee of the server', () => {
  const knees = (runs: Run[]) =>
    sweptServers(groupRuns([{ name: '', result: sampleResult({ runs }) }])).map(({ knee }) => knee);
  assert.deepEqual(
    knees(sweepRuns()).map((knee) => knee?.isReached),
    [true, true],
  );
  const runs = sweepRuns().map((run): Run => {
    const isBeyond = (run.sweep?.value ?? 0) >= 800;
    return isBeyond ? { ...run, validity: { verdict: 'INVALID', reasons: [late] } } : run;
  });
  assert.deepEqual(knees(runs)[0], { ...knees(sweepRuns())[0], isReached: false });
});
