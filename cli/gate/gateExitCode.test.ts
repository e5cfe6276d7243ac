import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { GateResult } from '../../contract/gate.ts';
import { sampleGate } from '../../reports/testing/sampleGate.ts';
import { type GateEnd, gateExitCode } from './gateExitCode.ts';

const CALM: GateEnd = { interrupted: false, failed: null, failsInconclusive: false };
const FAILED = { text: 'deliveries.lost == 0', passed: false, worst: 3, unit: 'count' };
const validity = (verdict: 'VALID' | 'INVALID'): Partial<GateResult> => {
  const { base, head } = sampleGate();
  return { base: { ...base, validity: [verdict] }, head: { ...head, validity: ['INVALID'] } };
};

for (const [what, gate, end, code] of [
  ['PASS', { verdict: 'PASS' }, {}, 0],
  ['FAIL', { verdict: 'FAIL' }, {}, 4],
  ['a threshold that is not kept', { verdict: 'PASS', thresholds: [FAILED] }, {}, 4],
  ['INCONCLUSIVE that warns', { verdict: 'INCONCLUSIVE' }, {}, 0],
  ['INCONCLUSIVE that fails', { verdict: 'INCONCLUSIVE' }, { failsInconclusive: true }, 5],
  ['PASS where INCONCLUSIVE fails', { verdict: 'PASS' }, { failsInconclusive: true }, 0],
  ['a base that ended', { verdict: 'INCONCLUSIVE' }, { failed: 'base' }, 6],
  ['a head that ended', { verdict: 'FAIL' }, { failed: 'head' }, 4],
  ['every run INVALID', { verdict: 'INCONCLUSIVE', ...validity('INVALID') }, {}, 3],
  ['some runs INVALID', { verdict: 'INCONCLUSIVE', ...validity('VALID') }, {}, 0],
  ['every run INVALID for latency, and bytes that fail', { verdict: 'FAIL', ...validity('INVALID') }, {}, 4],
  ['every run INVALID for what does not decide', { verdict: 'PASS', ...validity('INVALID') }, {}, 0],
  ['interrupted, whatever was found', { verdict: 'FAIL' }, { interrupted: true, failed: 'head' }, 130],
] as const) {
  test(`${what} is exit code ${code}`, () => {
    const thresholds = { thresholds: [] };
    const found = sampleGate({ ...thresholds, ...gate } as Partial<GateResult>);
    assert.equal(gateExitCode(found, { ...CALM, ...end }), code);
  });
}
