import assert from 'node:assert/strict';
import { test } from 'node:test';
import { liftVersion1 } from './resultVersion1.ts';
import { sampleResult } from './testing/sampleResult.ts';
import { sampleRun } from './testing/sampleRun.ts';

/** A run as version 1 wrote it: without any field that version 2 brought. */
function runOfVersion1(): object {
  const { articlePoll, articleWs, polling, bus, fault, closedLoop, sweep, ...run } = sampleRun();
  const { busHop, reconnect, ...histograms } = run.histograms;
  const { broker, ...cpu } = run.cpu;
  assert.ok(run.publish);
  const { retried, failures, ...publish } = run.publish;
  const timeline = run.timeline.map((second) => {
    const { broker: none, ...roles } = second.cpu;
    return { ...second, cpu: roles };
  });
  return { ...run, histograms, cpu, publish, timeline };
}

test('a result of version 1 becomes one of version 2 in which nothing new was measured', () => {
  const old = { ...sampleResult(), schemaVersion: 1, runs: [runOfVersion1()] };
  assert.deepEqual(liftVersion1(old), { ...sampleResult(), schemaVersion: 2 });
});

test('a run that published nothing stays one', () => {
  const old = { ...sampleResult(), schemaVersion: 1, runs: [{ ...runOfVersion1(), publish: null }] };
  assert.deepEqual(liftVersion1(old), {
    ...sampleResult({ runs: [sampleRun({ publish: null })] }),
    schemaVersion: 2,
  });
});

test('what is no result is left for the reader to name', () => {
  for (const data of [null, [], 'x', 7]) assert.deepEqual(liftVersion1(data), data);
  assert.deepEqual(liftVersion1({ runs: [null, 1] }), { schemaVersion: 2, runs: [null, 1] });
});
