import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Validity } from '../contract/result.ts';
import type { Threshold } from '../contract/threshold.ts';
import { sampleResult } from '../reports/testing/sampleResult.ts';
import { sampleRun } from '../reports/testing/sampleRun.ts';
import { exitCodeOf } from './exitCodeOf.ts';

const good = sampleRun();
const invalid: Validity = { verdict: 'INVALID', reasons: [] };
const suspect: Validity = { verdict: 'SUSPECT', reasons: [] };
const noneConnected = { ...good.connections, requested: 5, established: 0, failed: 5, unsent: 0 };
const noneAttempted = { ...good.connections, requested: 5, established: 0, failed: 0, unsent: 5 };
assert.ok(good.deliveries !== null);
const noneDelivered = { ...good.deliveries, received: 0, lost: good.deliveries.expected };
const serverDied = sampleRun({
  status: 'aborted',
  abortReason: 'system under test: server node 0 ended by SIGKILL',
});
const threshold = (comparator: Threshold['comparator']): Threshold => ({
  text: `deliveries.received ${comparator} 0`,
  path: 'deliveries.received',
  comparator,
  bound: 0,
});
const workerDied = sampleRun({ status: 'aborted', abortReason: 'harness: load worker 1 ended by SIGKILL' });

for (const [name, result, interrupted, code] of [
  ['valid', sampleResult(), false, 0],
  ['suspect', sampleResult({ validity: suspect }), false, 0],
  ['invalid', sampleResult({ validity: invalid }), false, 3],
  [
    'a dead server',
    sampleResult({ status: 'aborted', runs: [good, serverDied], validity: invalid }),
    false,
    6,
  ],
  ['a dead worker', sampleResult({ status: 'aborted', runs: [workerDied], validity: invalid }), false, 3],
  [
    'no connection established',
    sampleResult({ runs: [sampleRun({ connections: noneConnected })] }),
    false,
    6,
  ],
  [
    'no connection attempted',
    sampleResult({ runs: [sampleRun({ connections: noneAttempted })], validity: invalid }),
    false,
    3,
  ],
  [
    'nothing delivered of what was accepted',
    sampleResult({ runs: [sampleRun({ deliveries: noneDelivered })], validity: invalid }),
    false,
    6,
  ],
  ['a threshold that holds', sampleResult({ config: { thresholds: [threshold('>=')] } }), false, 0],
  ['a threshold that does not hold', sampleResult({ config: { thresholds: [threshold('<')] } }), false, 4],
  [
    'a threshold that does not hold, of an invalid run',
    sampleResult({ config: { thresholds: [threshold('<')] }, validity: invalid }),
    false,
    3,
  ],
  ['an interrupted run', sampleResult({ status: 'aborted', validity: invalid }), true, 130],
] as const) {
  test(`${name} is exit code ${code}`, () => assert.equal(exitCodeOf(result, interrupted), code));
}
