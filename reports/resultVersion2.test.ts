import assert from 'node:assert/strict';
import { test } from 'node:test';
import { liftVersion2 } from './resultVersion2.ts';
import { sampleResult } from './testing/sampleResult.ts';
import { sampleRun } from './testing/sampleRun.ts';

/** A run as version 2 wrote it: without any field that version 3 brought. */
function runOfVersion2(): object {
  const { security, flow, slow, rolling, chat, ...run } = sampleRun();
  const { streamsPerConnection, publishVia, ...plan } = run.plan;
  const { tcp, ...connections } = run.connections;
  return { ...run, plan, connections };
}

test('a result of version 2 becomes one of version 3 in which nothing new was measured', () => {
  const old = { ...sampleResult(), schemaVersion: 2, runs: [runOfVersion2()] };
  const { connections, ...run } = sampleRun();
  const lifted = { ...run, connections: { ...connections, tcp: null } };
  assert.deepEqual(liftVersion2(old), { ...sampleResult({ runs: [lifted] }), schemaVersion: 3 });
});

test('what is no result is left for the reader to name', () => {
  for (const data of [null, [], 'x', 7]) assert.deepEqual(liftVersion2(data), data);
  assert.deepEqual(liftVersion2({ runs: [null, 1] }), { schemaVersion: 3, runs: [null, 1] });
});
