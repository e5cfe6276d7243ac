import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Run } from '../../contract/result.ts';
import { sampleRun } from '../testing/sampleRun.ts';
import { latencyRuns } from './mergedLatency.ts';

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
const valid = sampleRun();
const invalid = sampleRun({ validity: { verdict: 'INVALID', reasons: [late] } });
const aborted = sampleRun({ status: 'aborted', latencyUs: null });
const search = sampleRun({ procedure: 'ceiling' });

for (const [name, runs, drawn] of [
  ['INVALID runs are left out while others remain', [invalid, valid], [valid]],
  ['INVALID runs are drawn where there is nothing else', [invalid, invalid], [invalid, invalid]],
  ['a run without latencies is none that remains', [invalid, aborted], [invalid]],
  ['a search is none that remains', [invalid, search], [invalid]],
] as const satisfies readonly (readonly [string, readonly Run[], readonly Run[]])[]) {
  test(name, () => assert.deepEqual(latencyRuns(runs), drawn));
}
