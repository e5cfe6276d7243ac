import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { GateResult } from '../../contract/gate.ts';
import type { Run } from '../../contract/result.ts';
import { sampleResult } from '../../reports/testing/sampleResult.ts';
import { sampleRun } from '../../reports/testing/sampleRun.ts';
import type { GateMeasured } from '../../runners/gate/runGate.ts';
import { resolve } from '../testing/resolving.ts';
import { readGateChoice } from './gateChoice.ts';
import { gateOutcome } from './gateOutcome.ts';
import { readGateConfig } from './readGateConfig.ts';

const TARGET = { start: 'python3 server.py {port}', path: '/events', publish: '/publish' };
const COMMAND = ['bench', 'gate', '--base', 'main'];
const COMMIT = 'a'.repeat(40);

/** The outcome of blocks of two like runs of each side. */
function outcome(blocks: number, over: Partial<GateMeasured> = {}, thresholds: string[] = []): GateResult {
  const config = { target: TARGET, scenario: 'gate', thresholds };
  const runs = Array.from({ length: 2 * blocks }, () => sampleRun());
  const result = sampleResult({ runs });
  return gateOutcome({
    choice: readGateChoice({ base: 'main' }, readGateConfig(undefined, []), []),
    settings: resolve({ config }),
    sides: {
      base: { kind: 'ref', named: 'main', commit: COMMIT, dirty: false },
      head: { kind: 'directory', named: '.', folder: '/x', commit: null, dirty: null },
    },
    measured: {
      mode: 'blocks',
      results: { base: result, head: result },
      judged: { base: runs, head: runs },
      blocks: Array.from({ length: blocks }, () => ({ order: 'ABBA', seconds: 8 })),
      abortReason: null,
      fault: null,
      ...over,
    },
    differences: [],
    command: COMMAND,
  });
}

test('like runs pass, and the outcome names what was measured', () => {
  const gate = outcome(8);
  assert.deepEqual([gate.verdict, gate.status, gate.blocksAsked, gate.settle], ['PASS', 'complete', 8, null]);
  assert.deepEqual(
    [gate.base.named, gate.base.commit, gate.base.result],
    ['main', COMMIT, 'base/result.json'],
  );
  assert.deepEqual([gate.head.kind, gate.head.commit, gate.head.validity.length], ['directory', null, 16]);
  const { connections } = sampleRun().workload;
  assert.match(gate.what, new RegExp(`scenario .*: ${Number(connections).toLocaleString('en')} connections`));
});

test('a threshold that runs of head do not keep fails, whatever base does', () => {
  const gate = outcome(8, {}, ['deliveries.received < 1', 'deliveries.received > 0']);
  assert.equal(gate.verdict, 'FAIL');
  assert.deepEqual(
    gate.thresholds.map(({ passed }) => passed),
    [false, true],
  );
});

test('a run that the generator spoilt misses no threshold; where all are, the gate is open', () => {
  const stalled = {
    verdict: 'INVALID',
    reasons: [
      {
        code: 'sendLag',
        verdict: 'INVALID',
        families: ['latency'],
        message: 'late',
        advice: '',
        figure: 9,
        bound: 1,
        unit: 'us',
      },
    ],
  } satisfies Run['validity'];
  const { latencyUs } = sampleRun();
  assert.ok(latencyUs);
  const slow = { ...latencyUs, delivery: { ...latencyUs.delivery, p99: 9_000_000 } };
  const spoilt = sampleRun({ validity: stalled, latencyUs: slow });
  const good = Array.from({ length: 12 }, () => sampleRun());
  const text = 'latencyUs.delivery.p99 < 1s';
  const some = outcome(
    7,
    { judged: { base: [...good, ...good.slice(10)], head: [...good, spoilt, spoilt] } },
    [text],
  );
  assert.deepEqual([some.verdict, some.thresholds.map(({ passed }) => passed)], ['PASS', [true]]);
  const all = outcome(6, { judged: { base: good, head: good.map(() => spoilt) } }, [text]);
  assert.deepEqual([all.verdict, all.thresholds], ['INCONCLUSIVE', []]);
  assert.match(
    all.headline,
    /threshold latencyUs\.delivery\.p99 < 1s could not be held against any run of head/,
  );
});

test('a head that ends under the load of its base fails, with the first line of what it said', () => {
  const fault = { turn: 'head', why: 'it ended\nits last words', hint: '' } as const;
  const gate = outcome(2, { fault, abortReason: 'head in block 3 failed: it ended' });
  assert.deepEqual([gate.verdict, gate.status, gate.settle], ['FAIL', 'aborted', null]);
  assert.equal(gate.headline, 'FAIL: the server of head failed while base carried the same load: it ended');
});

test('of a base that ends nothing is said about head', () => {
  const fault = { turn: 'base', why: 'it ended', hint: '' } as const;
  assert.equal(outcome(2, { fault, abortReason: 'base failed' }).verdict, 'INCONCLUSIVE');
});

test('without a single whole block there is an outcome all the same, and no threshold is held to be missed', () => {
  const empty = sampleResult({ runs: [] });
  const none = { base: [], head: [] };
  const nothing = { results: { base: empty, head: empty }, judged: none, blocks: [] };
  const gate = outcome(8, { ...nothing, abortReason: 'interrupted' }, ['deliveries.received > 0']);
  assert.deepEqual([gate.verdict, gate.thresholds.length, gate.settle], ['INCONCLUSIVE', 0, null]);
  assert.match(gate.what, /^sse target, scenario gate: 1,000 connections, 100 publishes\/s$/);
  assert.ok(gate.metrics.every(({ why }) => why.endsWith('Not measured: no block came to its end.')));
});
